// Plain JavaScript for whatever Node is on the machine (18 or newer): it prepares what everything else needs.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const modules = join(root, 'node_modules');
const isWindows = process.platform === 'win32';
const OLDEST_NODE = [22, 13];

/** Installs the dependencies when they are missing or not those of the lock file; warnings about the machine’s own Node left out. */
export function install() {
  if (isInstalled()) return;
  console.error('Installing dependencies…');
  const [npm, npmArgs] = npmCommand();
  const { status, error } = spawnSync(npm, [...npmArgs, 'ci', '--no-audit', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', process.stderr, process.stderr],
    shell: isWindows && npm === 'npm',
  });
  if (error) throw error;
  if (status !== 0) {
    console.error('Dependencies could not be installed: see what npm said above');
    process.exit(status ?? 1);
  }
}

/** The npm that runs us, or else the one on the PATH. */
function npmCommand() {
  const { npm_execpath: cli, npm_node_execpath: node } = process.env;
  return cli && node ? [node, [cli]] : ['npm', []];
}

/** Whether every package of the lock file that this machine needs is there in the locked version. */
function isInstalled() {
  const locked = packagesOf(join(root, 'package-lock.json'));
  const installed = packagesOf(join(modules, '.package-lock.json'));
  return Object.entries(locked).every(([path, { version, optional, peer }]) => {
    if (path === '') return true;
    const found = installed[path];
    // Packages for other platforms, and peers that nobody asked for, are locked and not installed.
    return found === undefined ? optional === true || peer === true : found.version === version;
  });
}

function packagesOf(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : {};
}

/** Compiles to dist/ when there is nothing there or a source is newer. */
export function build() {
  const program = join(root, 'dist', 'main.js');
  const newest = Math.max(
    ...[
      ...['src', 'clients/typescript/src', 'scripts/build-kernels.mjs', 'scripts/build-report.mjs'],
      ...['package.json', 'tsconfig.json', 'tsconfig.build.json'],
    ].map(newestChange),
  );
  if (existsSync(program) && statSync(program).mtimeMs >= newest) return;
  console.error('Building…');
  const [npm, npmArgs] = npmCommand();
  const { status } = spawnSync(npm, [...npmArgs, 'run', '--silent', 'build'], {
    cwd: root,
    stdio: ['ignore', process.stderr, process.stderr],
    env: environment(),
    shell: isWindows && npm === 'npm',
  });
  if (status !== 0) {
    console.error('The project could not be built: see what the compiler said above');
    process.exit(status ?? 1);
  }
}

function newestChange(path) {
  const absolute = join(root, path);
  const stats = statSync(absolute);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(absolute).map((name) => newestChange(join(path, name))));
}

/** The Node that the lock file pins (an optional package with the binary in it), or else the running one. */
export function pinnedNode() {
  const platform = isWindows ? 'win' : process.platform;
  const pinned = join(modules, `node-${platform}-${process.arch}`, 'bin', isWindows ? 'node.exe' : 'node');
  if (existsSync(pinned)) return pinned;
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
    console.error(`Node.js ${OLDEST_NODE.join('.')} or newer is needed, this is ${process.versions.node}`);
    process.exit(1);
  }
  return process.execPath;
}

/** npm puts node_modules/.bin on the PATH, but not when that folder was missing as the script started. */
function environment() {
  const name = Object.keys(process.env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  return { ...process.env, [name]: [join(modules, '.bin'), process.env[name]].filter(Boolean).join(delimiter) };
}

/**
 * Runs a program in our place: same input and output, its exit code becomes ours. `node` is the pinned one.
 *
 * @param {string} command
 * @param {string[]} args
 */
export function replaceWith(command, args, cwd = process.cwd()) {
  const program = command === 'node' ? pinnedNode() : command;
  const child = spawn(program, args, {
    cwd,
    stdio: 'inherit',
    env: environment(),
    shell: isWindows && command !== 'node',
  });
  // A terminal's Ctrl-C reaches the child by itself; we only must not go before it does.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`${command} could not be started: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
