import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { parseEnv } from 'node:util';
import pg from 'pg';
import { loadConfig } from '../../src/config/load-config.js';
import { type Example, type FileExample, ROOT, type ScriptExample } from './guide.js';
import { exchange } from './http-exchange.js';
import { Names, WrongStatementError } from './statement.js';

/** What the reader of a guide has before the first line of it. */
export interface Beginning {
  readonly names: Readonly<Record<string, string>>;
  /** The token that every request carries which says nothing else. */
  readonly token?: string;
  readonly environment?: NodeJS.ProcessEnv;
  /** Where commands run; the reader's own folder unless said otherwise. */
  readonly directory?: string;
  /** The login of `sql`. */
  readonly superuserUrl?: string;
}

/** Nothing of the run of the tests may decide what a guide's commands do. */
const INHERITED = ['HOME', 'LANG', 'TMPDIR', 'TZ'];
/** The Node that runs the tests, and what the project brings. */
const PROGRAMS = [dirname(process.execPath), join(ROOT, 'node_modules/.bin'), process.env['PATH']].join(delimiter);

/** Somebody who does what a guide says, in a folder of their own within the project. */
export class Reader implements AsyncDisposable {
  readonly folder: string;
  private readonly names = new Names();
  private readonly environment: NodeJS.ProcessEnv;
  private readonly background: Started[] = [];

  constructor(
    guide: string,
    private readonly beginning: Beginning,
  ) {
    this.folder = join(ROOT, 'build/guides', guide);
    rmSync(this.folder, { recursive: true, force: true });
    installPackages(this.folder);
    symlinkSync(join(ROOT, 'docs/guides/hospital'), join(this.folder, 'hospital'));
    for (const [name, value] of Object.entries(beginning.names)) this.names.set(name, value);
    const inherited = INHERITED.map((name) => [name, process.env[name]] as const);
    this.environment = { ...Object.fromEntries(inherited), PATH: PROGRAMS, ...beginning.environment };
  }

  /** @throws WrongStatementError when something else comes of it than the guide says */
  async follow(example: Example): Promise<void> {
    switch (example.kind) {
      case 'http': {
        const { token = null } = this.beginning;
        return exchange(example.request, example.answer, { names: this.names, token, folder: this.folder });
      }
      case 'sh':
        return this.runScript(example);
      case 'sql':
        return this.runStatements(example.statements);
      case 'env':
        Object.assign(this.environment, parseEnv(this.names.fill(example.text)));
        loadConfig(this.environment);
        return;
      case 'file':
        this.save(example.name, example.text);
    }
  }

  /** Saves and checks all programs of the guide at once, since they import each other. */
  async compile(programs: readonly FileExample[]): Promise<void> {
    for (const { name, text } of programs) this.save(name, text);
    const tsc = start('tsc -p .', this.folder, this.environment);
    if ((await tsc.exitCode) !== 0) throw new WrongStatementError(tsc.output());
  }

  /** What runs in the background ends like any process that is asked to, and with a success. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const { child } of this.background) child.kill('SIGTERM');
    const codes = await Promise.all(this.background.map(({ exitCode }) => exitCode));
    rmSync(this.folder, { recursive: true });
    if (codes.some((code) => code !== 0)) {
      throw new WrongStatementError(`Ended with ${codes.join()}: ${this.background.map((one) => one.output()).join()}`);
    }
  }

  private save(name: string, text: string): void {
    writeFileSync(join(this.folder, name), `${text}\n`);
  }

  private async runScript({ script, isBackground, output }: ScriptExample): Promise<void> {
    const filled = this.names.fill(script);
    const { directory = this.folder } = this.beginning;
    if (isBackground) {
      const process = start(`exec ${filled}`, directory, this.environment);
      this.background.push(process);
      return process.firstOutput;
    }
    const process = start(filled, directory, this.environment);
    const code = await process.exitCode;
    if (code !== 0) throw new WrongStatementError(`Ended with ${code}: ${process.output()}`);
    if (output !== null) this.names.checkText(output, process.printed().trimEnd(), 'The output');
  }

  private async runStatements(statements: readonly string[]): Promise<void> {
    const client = new pg.Client(this.beginning.superuserUrl);
    await client.connect();
    try {
      for (const statement of statements) await client.query(this.names.fill(statement));
    } finally {
      await client.end();
    }
  }
}

interface Started {
  readonly child: ChildProcess;
  readonly exitCode: Promise<number | null>;
  /** Resolves when it has written something: it has begun. */
  readonly firstOutput: Promise<void>;
  /** What it wrote to standard output. */
  printed(): string;
  /** What it wrote at all. */
  output(): string;
}

function start(script: string, folder: string, environment: NodeJS.ProcessEnv): Started {
  const child = spawn('sh', ['-e', '-c', script], { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  const [printed, output]: [string[], string[]] = [[], []];
  child.stdout.setEncoding('utf8').on('data', (text: string) => printed.push(text));
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => output.push(text));
  }
  const exitCode = once(child, 'close').then(([code]) => code as number | null);
  const firstOutput = Promise.race([once(child.stdout, 'data'), exitCode]).then(() => undefined);
  return { child, exitCode, firstOutput, printed: () => printed.join(''), output: () => output.join('') };
}

/** As `npm install` of the service and of its client would, in a project with the settings that this one has. */
function installPackages(folder: string): void {
  const modules = join(folder, 'node_modules');
  mkdirSync(modules, { recursive: true });
  symlinkSync(ROOT, join(modules, 'role-mining-service'));
  symlinkSync(join(ROOT, 'clients/typescript'), join(modules, 'role-mining-client'));
  const settings = { extends: '../../../tsconfig.json', include: ['*.ts'], exclude: [] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings));
}
