import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CONFIGURATION = join(import.meta.dirname, '../../deploy/gateway');

/** Whether this machine has nginx. */
export function hasNginx(): boolean {
  return spawnSync('nginx', ['-v']).status === 0;
}

/** A line of the gateway's access log. */
export interface GatewayLine {
  readonly method: string;
  readonly uri: string;
  readonly status: number;
  /** Every process that the request was sent to, separated by commas. */
  readonly upstream: string;
  readonly request_id: string;
}

/** nginx as deploy/gateway sets it up, on a port and with API processes of the test. */
export interface Gateway extends AsyncDisposable {
  readonly url: string;
  /** Sends requests to these ports only; requests in flight elsewhere end as they are. */
  use(ports: readonly number[]): Promise<void>;
  log(): Promise<GatewayLine[]>;
}

export async function startNginx(port: number, apiPorts: readonly number[]): Promise<Gateway> {
  const directory = await mkdtemp(join(tmpdir(), 'role-mining-gateway-'));
  await copyFile(join(CONFIGURATION, 'proxy.conf'), join(directory, 'proxy.conf'));
  const configuration = await readFile(join(CONFIGURATION, 'nginx.conf'), 'utf8');
  await writeFile(join(directory, 'nginx.conf'), configuration.replace('listen 8080;', `listen 127.0.0.1:${port};`));
  const upstreams = await readFile(join(CONFIGURATION, 'upstreams.conf'), 'utf8');
  // The two servers of the file become those of the test; one that is not to be used is marked, as the file says.
  const writeUpstreams = (used: readonly number[]): Promise<void> => {
    const content = [3001, 3002].reduce(
      (text, placeholder, at) =>
        text.replaceAll(
          new RegExp(`127\\.0\\.0\\.1:${placeholder} ([^;]*);`, 'g'),
          `127.0.0.1:${apiPorts[at]} $1${used.includes(apiPorts[at]) ? '' : ' down'};`,
        ),
      upstreams,
    );
    return writeFile(join(directory, 'upstreams.conf'), content);
  };
  await writeUpstreams(apiPorts);
  const nginx = spawn('nginx', ['-p', directory, '-c', 'nginx.conf', '-g', 'daemon off;'], { stdio: 'inherit' });
  const url = `http://127.0.0.1:${port}`;
  await untilAnswers(`${url}/iam/health/live`, nginx);
  return {
    url,
    use: async (ports) => {
      const before = await workersOf(nginx);
      await writeUpstreams(ports);
      nginx.kill('SIGHUP');
      // Reloaded when none of the processes that took requests before takes new ones.
      while ((await workersOf(nginx)).some((worker) => before.includes(worker))) await tick();
    },
    log: async () =>
      (await readFile(join(directory, 'access.log'), 'utf8'))
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as GatewayLine),
    [Symbol.asyncDispose]: async () => {
      nginx.kill('SIGTERM');
      if (nginx.exitCode === null) await once(nginx, 'exit');
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Its processes that accept connections: those on their way out say so in their title. */
async function workersOf(nginx: ChildProcess): Promise<string[]> {
  const children = await readFile(`/proc/${nginx.pid}/task/${nginx.pid}/children`, 'utf8');
  const titles = await Promise.all(
    children
      .trim()
      .split(' ')
      .map(async (pid) => [pid, await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')] as const),
  );
  return titles.filter(([, title]) => /worker process\s*\0*$/.test(title)).map(([pid]) => pid);
}

async function untilAnswers(url: string, nginx: ChildProcess): Promise<void> {
  while (nginx.exitCode === null) {
    const answered = await fetch(url).then(
      () => true,
      () => false,
    );
    if (answered) return;
    await tick();
  }
  throw new Error(`nginx ended with ${nginx.exitCode}`);
}

const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));
