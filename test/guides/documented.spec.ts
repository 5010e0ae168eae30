import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../src/config/load-config.js';
import { TEST_SECRET } from '../support/test-service.js';
import { BEGINNINGS } from './beginnings.js';
import { ROOT } from './guide.js';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const sorted = (texts: Iterable<string>): string[] => [...new Set(texts)].sort();

describe('the documentation', () => {
  it('names every variable that the service reads', () => {
    const asked = new Set<string>();
    const environment = new Proxy<NodeJS.ProcessEnv>(
      {},
      { get: (_, name) => void asked.add(String(name)), has: (_, name) => Boolean(asked.add(String(name))) },
    );
    loadConfig(environment, { read: () => '', developmentSecret: () => TEST_SECRET });
    const variables = sorted(asked).filter((name) => /^[A-Z_]+$/.test(name) && !name.endsWith('_FILE'));
    expect(variables).toContain('MINING_ROLE_WEIGHT');

    const operations = read('docs/OPERATIONS.md');
    expect(variables.filter((name) => !operations.includes(`\`${name}\``))).toEqual([]);
  });

  it('has every route, and no other', () => {
    const { paths } = JSON.parse(read('docs/api/openapi.json')) as { paths: Record<string, Record<string, unknown>> };
    const routes = Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations)
        .filter((method) => method !== 'parameters')
        .map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{\w+\}/g, '{id}')}`),
    );
    const [, table] = read('docs/guides/integrators.md').split('## Every route');
    const told = [...table.matchAll(/`((?:GET|POST|DELETE)[A-Z, ]*) (\S+)`/g)].flatMap(([, methods, path]) =>
      methods.split(', ').map((method) => `${method} ${path.replace('…', '/governance/role-mining')}`),
    );
    expect(sorted(told)).toEqual(sorted(routes));
  });

  it('says what to do about every alert', () => {
    const alerts = [...read('deploy/prometheus/alerts.yaml').matchAll(/alert: (\w+)/g)].map(([, name]) => name);
    const operators = read('docs/guides/operators.md');
    expect(alerts).not.toEqual([]);
    expect(alerts.filter((name) => !operators.includes(`| \`${name}\``))).toEqual([]);
  });

  it('has no guide whose examples nobody runs', () => {
    const guides = readdirSync(join(ROOT, 'docs/guides')).filter((name) => name.endsWith('.md'));
    expect(guides.sort()).toEqual(sorted(Object.keys(BEGINNINGS).map((name) => `${name}.md`)));
  });

  it('has links that lead somewhere', () => {
    const files = ['README.md', 'docs/OPERATIONS.md', 'docs/DESIGN.md'];
    const guides = Object.keys(BEGINNINGS).map((name) => `docs/guides/${name}.md`);
    const broken = [...files, ...guides].flatMap((file) =>
      [...read(file).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)]
        .filter(([, path, anchor]) => !leads(path === '' ? file : join(dirname(file), path), anchor))
        .map(([link]) => `${file}: ${link}`),
    );
    expect(broken).toEqual([]);
  });
});

/** Whether there is such a file or folder, and in it such a heading. */
function leads(path: string, anchor: string | undefined): boolean {
  const target = join(ROOT, path);
  try {
    if (anchor === undefined) return readdirSync(dirname(target)).includes(target.slice(dirname(target).length + 1));
    const headings = [...readFileSync(target, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, text]) => text);
    return headings.some(
      (text) =>
        text
          .toLowerCase()
          .replaceAll(/[^\w -]/g, '')
          .replaceAll(' ', '-') === anchor,
    );
  } catch {
    return false;
  }
}
