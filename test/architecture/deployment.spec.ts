import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Ajv, type SchemaObject } from 'ajv';
import { parse, parseAllDocuments } from 'yaml';
import { loadConfig, loadDatabaseConfig } from '../../src/config/load-config.js';

const ROOT = join(import.meta.dirname, '../..');
const CHART = 'deploy/helm/role-mining-service';
const TEMPLATES = readdirSync(join(ROOT, CHART, 'templates')).map((name) => `${CHART}/templates/${name}`);

const textOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

/** Every variable that the service reads, as seen by reading it. */
function readVariables(): Set<string> {
  const names = new Set<string>();
  const env = new Proxy<NodeJS.ProcessEnv>(
    {
      JWT_SECRET: 'x'.repeat(32),
      DATABASE_URL: 'postgresql://app@host/db',
      DATABASE_OWNER_URL: 'postgresql://owner@host/db',
    },
    {
      get: (target, name) => {
        names.add(String(name));
        return Reflect.get(target, name) as string | undefined;
      },
    },
  );
  loadConfig(env);
  loadDatabaseConfig(env);
  return names;
}

/** Names that stand where a variable of a container is set. */
function namedVariables(text: string): string[] {
  const code = text.replaceAll(/^\s*#.*$/gm, '');
  const places = [
    /^\s*(?:- name: )?([A-Z][A-Z0-9_]+)\b(?=:|$)/gm, // a mapping of compose.yaml or values.yaml, an entry of `env:`
    /"([A-Z][A-Z0-9]*_[A-Z0-9_]+)"/g, // a list of names in a template
    /\bkey: ([A-Z][A-Z0-9_]+)\b/g, // a key of the secret
    /(?<=^ENV .*)\b([A-Z][A-Z0-9_]*)(?==)/gm, // a Dockerfile
  ];
  return places.flatMap((place) => Array.from(code.matchAll(place), ([, name]) => name));
}

describe('variables that are set where the service is deployed', () => {
  /** Node's own, and those of the image of PostgreSQL. */
  const OTHERS = new Set(['NODE_ENV', 'CMD', 'POSTGRES_USER', 'POSTGRES_PASSWORD', 'POSTGRES_DB']);
  const known = readVariables();

  it.each(['Dockerfile', 'compose.yaml', `${CHART}/values.yaml`, ...TEMPLATES])('of %s are read by it', (file) => {
    expect(namedVariables(textOf(file)).filter((name) => !known.has(name) && !OTHERS.has(name))).toEqual([]);
  });

  it('are found in these files', () => {
    const found = new Set(['Dockerfile', 'compose.yaml', ...TEMPLATES].flatMap((file) => namedVariables(textOf(file))));
    const expected = [
      'HOST',
      'DATA_DIR',
      'PROCESS_ROLE',
      'METRICS_PORT',
      'MINING_THREADS',
      'JWT_PUBLIC_KEY',
      'DATABASE_OWNER_URL',
    ];
    expect(expected.filter((name) => !found.has(name))).toEqual([]);
  });
});

type Values = Record<string, unknown>;
const values = parse(textOf(`${CHART}/values.yaml`)) as Values;
const schema = JSON.parse(textOf(`${CHART}/values.schema.json`)) as SchemaObject;

/** The paths of all values, those of open maps left out. */
function pathsIn(tree: Values, open: ReadonlySet<string>, prefix = ''): string[] {
  return Object.entries(tree).flatMap(([key, value]) => {
    const path = prefix + key;
    const isBranch = typeof value === 'object' && value !== null && !Array.isArray(value) && !open.has(path);
    return isBranch ? pathsIn(value as Values, open, `${path}.`) : [path];
  });
}

describe('the chart’s values', () => {
  const isValid = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(schema);
  /** Maps whose keys are the operator's, and Helm's own. */
  const OPEN = new Set([
    'environment',
    'ingress.annotations',
    'migration.resources',
    'api.resources',
    'worker.resources',
  ]);
  const described = (of: SchemaObject, prefix = ''): string[] =>
    Object.entries((of.properties ?? {}) as Record<string, SchemaObject>).flatMap(([key, part]) =>
      part.properties === undefined ? [prefix + key] : described(part, `${prefix}${key}.`),
    );

  it('are as their schema says, which knows every one of them and no other', () => {
    expect([isValid(values), isValid.errors]).toEqual([true, null]);
    expect(
      described(schema)
        .filter((path) => path !== 'global')
        .sort(),
    ).toEqual(pathsIn(values, OPEN).sort());
  });

  it.each<[string, Values]>([
    ['a misspelt name', { workers: { replicas: 3 } }],
    ['a name that is misspelt further down', { worker: { replica: 3 } }],
    ['no API', { api: { replicas: 0 } }],
    ['a variable that is none', { environment: { 'log-level': 'debug' } }],
    ['a prefix that ends in a slash', { ingress: { publicBasePath: '/iam/' } }],
  ])('are refused with %s', (_, changes) => {
    expect(isValid({ ...values, ...changes })).toBe(false);
  });

  it('are all that the templates ask for, and are all asked for', () => {
    const text = TEMPLATES.map(textOf).join('\n');
    const asked = new Set(Array.from(text.matchAll(/\.Values\.([A-Za-z.]+)/g), ([, path]) => path));
    const paths = pathsIn(values, OPEN);
    const isKnown = (path: string): boolean => paths.some((known) => known === path || known.startsWith(`${path}.`));
    expect([...asked].filter((path) => !isKnown(path))).toEqual([]);
    expect(paths.filter((path) => !asked.has(path))).toEqual([]);
  });
});

const hasProgram = (...command: [string, ...string[]]): boolean => spawnSync(command[0], command.slice(1)).status === 0;
const skipped = (what: string, program: string): void =>
  void process.stdout.write(`Skipped: ${what} needs ${program}, which is not installed\n`);

const composes = [['docker', 'compose'], ['docker-compose']] as const;
const compose = composes.find(([program, ...args]) => hasProgram(program, ...args, 'version'));
if (compose === undefined) skipped('checking compose.yaml', 'Docker Compose');
(compose === undefined ? it.skip : it)('compose.yaml is as Docker Compose has it', () => {
  const [program, ...args] = compose!;
  const env = { PATH: process.env.PATH, DATABASE_PASSWORD: 'word', JWT_SECRET: 'x'.repeat(32) };
  const { status, stdout, stderr } = spawnSync(program, [...args, '-f', 'compose.yaml', 'config'], {
    cwd: ROOT,
    env,
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([0, expect.not.stringContaining('rror')]);
  const { services } = parse(stdout) as { services: Record<string, { environment?: Record<string, string> }> };
  expect(Object.keys(services).sort()).toEqual(['api', 'migrate', 'postgres', 'worker']);
  expect(services.worker.environment?.PROCESS_ROLE).toBe('worker');
});

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: Record<string, unknown>;
}

const hasHelm = hasProgram('helm', 'version');
if (!hasHelm) skipped('rendering the chart', 'helm');
(hasHelm ? describe : describe.skip)('the chart, rendered by helm', () => {
  const ALL = ['autoscaling.enabled=true', 'ingress.enabled=true', 'ingress.tlsSecret=tls', 'ingress.className=nginx'];
  const helm = (command: string, settings: readonly string[]): string => {
    const args = [...command.split(' '), join(ROOT, CHART), ...settings.flatMap((setting) => ['--set', setting])];
    const { status, stdout, stderr } = spawnSync('helm', args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr + stdout);
    return stdout;
  };
  const kindsOf = (settings: readonly string[]): string[] =>
    parseAllDocuments(helm('template release', settings))
      .map((document) => document.toJS() as Manifest | null)
      .filter((manifest) => manifest !== null)
      .map(({ kind }) => kind)
      .sort();

  it('passes helm lint as it is and with everything on', () => {
    for (const settings of [[], ALL]) expect(helm('lint --strict', settings)).toContain('0 chart(s) failed');
  });

  it('has what the values ask for', () => {
    const usual = ['Deployment', 'Deployment', 'Job', 'PodDisruptionBudget', 'PodDisruptionBudget', 'Service'];
    expect(kindsOf([])).toEqual(usual);
    expect(kindsOf(ALL)).toEqual([...usual, 'Ingress', 'ScaledObject'].sort());
    expect(kindsOf(['migration.enabled=false', 'disruptionBudget.enabled=false'])).toEqual([
      'Deployment',
      'Deployment',
      'Service',
    ]);
  });

  it('is refused with values that the schema does not know', () => {
    expect(() => helm('template release', ['workers.replicas=3'])).toThrow(/workers/);
  });
});
