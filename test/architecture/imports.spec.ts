import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const SOURCE = join(import.meta.dirname, '../../src');

/** Result slices of role-mining: they know jobs, and not each other. */
const SLICES = ['candidates', 'patterns', 'excessive-privileges', 'consolidation', 'suspected-grants'];
/** Those whose decisions change roles. */
const ROLE_WRITERS = ['candidates', 'consolidation'];
const GROUND = ['config', 'common', 'database', 'auth', 'audit', 'domain-events'];

/**
 * Who may import whom (docs/DESIGN.md, "Who may know whom"): the first entry that a file's path begins with decides.
 * Every folder may import itself. A file that no entry names is the composition root's, which knows everything.
 */
const RULES: readonly (readonly [from: string, to: readonly string[]])[] = [
  ['engine/', []],
  ['mining-threads/', ['engine/index']],
  ['synthetic-organisation/', ['engine/index']],
  ['verification/', []],
  ['access-files/', ['common/']],
  ['config/', ['common/']],
  ['common/', ['config/']],
  ['database/', ['config/', 'common/', 'process-metrics/']],
  ['auth/', ['config/', 'common/']],
  // The trail has exports, and exports are in the trail.
  ['exports/', ['config/', 'common/', 'database/', 'auth/', 'audit/audit-actions', 'audit/audit-trail']],
  ['audit/', ['config/', 'common/', 'database/', 'auth/', 'exports/']],
  ['domain-events/', ['database/']],
  ['queue/', ['config/', 'database/']],
  ['webhooks/', [...GROUND.map((folder) => `${folder}/`), 'queue/', 'version']],
  ['access-graph/', [...GROUND.map((folder) => `${folder}/`), 'access-files/']],
  ['role-mining/jobs/', GROUND.map((folder) => `${folder}/`)],
  ...SLICES.map(
    (slice) =>
      [
        `role-mining/${slice}/`,
        [
          ...GROUND.map((folder) => `${folder}/`),
          'exports/',
          'role-mining/jobs/',
          'access-graph/snapshot/',
          ...(ROLE_WRITERS.includes(slice) ? ['role-mining/sod/', 'access-graph/stores/'] : []),
        ],
      ] as const,
  ),
  ['role-mining/job-events/', [...GROUND.map((folder) => `${folder}/`), 'role-mining/jobs/']],
  [
    'role-mining/comparison/',
    [...GROUND.map((folder) => `${folder}/`), 'role-mining/jobs/', 'role-mining/candidates/'],
  ],
  [
    'role-mining/report/',
    [
      ...GROUND.map((folder) => `${folder}/`),
      'role-mining/jobs/',
      ...SLICES.map((slice) => `role-mining/${slice}/`),
      'access-graph/snapshot/',
      'report/',
    ],
  ],
  // A simulation can be that of a candidate's promotion.
  [
    'role-mining/simulations/',
    [
      ...GROUND.map((folder) => `${folder}/`),
      'role-mining/jobs/',
      'role-mining/candidates/candidate',
      'role-mining/sod/',
      'access-graph/stores/',
    ],
  ],
  [
    'role-mining/metrics/',
    [...GROUND.map((folder) => `${folder}/`), 'role-mining/jobs/jobs.service', 'access-graph/stores/graph-references'],
  ],
  [
    'role-mining/sod/',
    [...GROUND.map((folder) => `${folder}/`), 'access-graph/stores/', 'access-graph/import/access-rules'],
  ],
  [
    'role-mining/execution/',
    [
      ...GROUND.map((folder) => `${folder}/`),
      'queue/',
      'role-mining/jobs/',
      ...SLICES.map((slice) => `role-mining/${slice}/`),
      'access-graph/snapshot/',
      'engine/index',
      'mining-threads/',
      'process-metrics/',
    ],
  ],
  ['health/', ['common/', 'database/', 'role-mining/jobs/job-queue']],
  ['process-metrics/', []],
  ['report/', []],
  ['openapi/', ['common/']],
  [
    'cli/',
    [
      'engine/index',
      'mining-threads/',
      'report/',
      'access-graph/',
      'access-files/',
      'audit/',
      'role-mining/sod/',
      'config/',
      'database/',
      'common/',
      'synthetic-organisation/',
      'verification/index',
    ],
  ],
];

/** What the engine may not even take from Node or a library: it is pure. */
const IMPURE = /\bMath\.random\b|\bDate\.now\b|\bnew Date\b|\bperformance\.|\bconsole\./;

const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.includes('assembly/'))
  .map((file) => file.replaceAll('\\', '/'));

function importsOf(file: string): string[] {
  const text = readFileSync(join(SOURCE, file), 'utf8');
  return [...text.matchAll(/(?:^|\n)\s*(?:import|export)\b[^;'"]*?from\s*'([^']+)'|import\(\s*'([^']+)'\s*\)/g)].map(
    ([, from, lazy]) => from ?? lazy,
  );
}

function target(file: string, specifier: string): string {
  return relative(SOURCE, join(SOURCE, dirname(file), specifier))
    .replaceAll('\\', '/')
    .replace(/\.js$/, '');
}

/** One sentence for an import that the table does not allow, null for a good one. */
function faultOf(file: string, specifier: string): string | null {
  const rule = RULES.find(([folder]) => file.startsWith(folder));
  if (rule === undefined || !specifier.startsWith('.')) return null;
  const [folder, allowed] = rule;
  const imported = target(file, specifier);
  return imported.startsWith(folder) || allowed.some((prefix) => imported.startsWith(prefix))
    ? null
    : `${file} imports ${imported}`;
}

describe('imports', () => {
  it('keep to the table', () => {
    const faults = files.flatMap((file) => importsOf(file).map((specifier) => faultOf(file, specifier)));
    expect(faults.filter((fault) => fault !== null)).toEqual([]);
  });

  it('are refused by the table where they should be', () => {
    expect(faultOf('engine/mine.ts', '../common/stable-uuid.js')).toBe('engine/mine.ts imports common/stable-uuid');
    expect(faultOf('role-mining/patterns/x.ts', '../candidates/candidate.entity.js')).not.toBeNull();
    expect(faultOf('role-mining/execution/x.ts', '../../engine/mine.js')).not.toBeNull();
    expect(faultOf('auth/x.ts', '../role-mining/jobs/jobs.service.js')).not.toBeNull();
    expect(faultOf('role-mining/execution/x.ts', '../../engine/index.js')).toBeNull();
  });

  it('of the engine are its own files only, and it knows neither clock nor chance', () => {
    const engine = files.filter((file) => file.startsWith('engine/') && !file.endsWith('.spec.ts'));
    expect(engine.length).toBeGreaterThan(10);
    expect(engine.flatMap((file) => importsOf(file).filter((specifier) => !specifier.startsWith('.')))).toEqual([]);
    expect(engine.filter((file) => IMPURE.test(readFileSync(join(SOURCE, file), 'utf8')))).toEqual([]);
  });

  it('form no cycle between files', () => {
    const graph = new Map(
      files.map((file) => [
        file.replace(/\.ts$/, ''),
        importsOf(file)
          .filter((specifier) => specifier.startsWith('.'))
          .map((specifier) => target(file, specifier)),
      ]),
    );
    const done = new Set<string>();
    const path: string[] = [];
    const visit = (file: string): string[] | null => {
      if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
      if (done.has(file)) return null;
      path.push(file);
      for (const next of graph.get(file) ?? []) {
        const cycle = visit(next);
        if (cycle) return cycle;
      }
      path.pop();
      done.add(file);
      return null;
    };
    expect([...graph.keys()].map(visit).filter((cycle) => cycle !== null)).toEqual([]);
  });

  it('are never deferred to break a cycle', () => {
    const deferred = files.filter((file) => /forwardRef\(/.test(readFileSync(join(SOURCE, file), 'utf8')));
    expect(deferred).toEqual([]);
  });
});
