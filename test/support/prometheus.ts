import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../src/demo/service-process.js';
import { eventually } from './test-service.js';

export const PROMETHEUS_FILES = join(import.meta.dirname, '../../deploy/prometheus');

/** Whether this machine has prometheus and promtool. */
export function hasPrometheus(): boolean {
  return ['prometheus', 'promtool'].every((program) => spawnSync(program, ['--version']).status === 0);
}

/** A series of an answer; its value is `NaN` where there is none. */
export interface Series {
  readonly metric: Record<string, string>;
  readonly value: number;
}

export interface Rule {
  readonly name: string;
  readonly query: string;
  readonly health: 'ok' | 'err' | 'unknown';
  readonly state: 'inactive' | 'pending' | 'firing';
  readonly lastError?: string;
}

export interface Prometheus extends AsyncDisposable {
  /** @throws Error with what Prometheus has against the expression */
  query(expression: string): Promise<Series[]>;
  /** The alerts as it has read and last evaluated them. */
  rules(): Promise<Rule[]>;
}

/** Prometheus as deploy/prometheus sets it up, but for the processes and that it looks every second. */
export async function startPrometheus(targets: readonly string[]): Promise<Prometheus> {
  const directory = await mkdtemp(join(tmpdir(), 'role-mining-prometheus-'));
  await cp(PROMETHEUS_FILES, directory, { recursive: true });
  const configuration = join(directory, 'prometheus.yaml');
  const text = await readFile(configuration, 'utf8');
  await writeFile(
    configuration,
    text
      .replaceAll(/interval: 15s/g, 'interval: 1s')
      .replace(/targets:\n(?: +- \S+\n)+/, `targets: ${JSON.stringify(targets)}\n`),
  );
  const address = `127.0.0.1:${await freePort('127.0.0.1', 0)}`;
  const server = spawn(
    'prometheus',
    [
      `--config.file=${configuration}`,
      `--storage.tsdb.path=${join(directory, 'data')}`,
      `--web.listen-address=${address}`,
      '--log.level=error',
    ],
    { stdio: 'inherit' },
  );
  const ask = async <Data>(path: string): Promise<Data> => {
    const answer = (await (await fetch(`http://${address}/api/v1/${path}`)).json()) as { data: Data; error?: string };
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.data;
  };
  await eventually(
    () =>
      fetch(`http://${address}/-/ready`).then(
        ({ status }) => status,
        () => server.exitCode,
      ),
    (status) => status === 200,
  );
  return {
    query: async (expression) => {
      const { result } = await ask<{ result: { metric: Series['metric']; value: [number, string] }[] }>(
        `query?query=${encodeURIComponent(expression)}`,
      );
      return result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
    },
    rules: async () => (await ask<{ groups: { rules: Rule[] }[] }>('rules')).groups.flatMap(({ rules }) => rules),
    [Symbol.asyncDispose]: async () => {
      server.kill('SIGTERM');
      if (server.exitCode === null) await once(server, 'exit');
      await rm(directory, { recursive: true, force: true });
    },
  };
}
