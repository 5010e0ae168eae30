import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Command } from 'commander';
import { registerMine } from './mine.command.js';

interface Report {
  users: number;
  entitlements: number;
  assignments: number;
  parameters: Record<string, unknown>;
  roles: {
    name: string;
    entitlements: string[];
    own_entitlements: string[];
    juniors: string[];
    users: string[];
    confidence: number;
  }[];
  direct: [string, string][];
  suspected: Record<'missing' | 'extra', [string, string, number][]>;
  metrics: Record<string, number | boolean | null>;
  trade_off: { role_count: number; wsc: number }[];
  timings_ms: Record<string, number>;
}

describe('role-mining mine', () => {
  let directory: string;
  const printed = jest.spyOn(console, 'log').mockImplementation(() => undefined);

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'mine-'));
    const rows = ['ann', 'bob', 'cleo', 'dan'].flatMap((user) => [`${user},invoices`, `${user},payments`]);
    await writeFile(path('assignments.csv'), `user,entitlement\n${rows.join('\n')}\ndan,vault\n`);
    await writeFile(
      path('users.csv'),
      'user,department\nann,Finance\nbob,Finance\ncleo,Finance\ndan,Finance\nzoe,IT\n',
    );
    await writeFile(path('faulty.csv'), 'user,entitlement\nann,invoices\nbob\n');
  });
  beforeEach(() => {
    printed.mockClear();
  });
  afterAll(() => rm(directory, { recursive: true }));

  function path(name: string): string {
    return join(directory, name);
  }

  async function mine(...args: string[]): Promise<void> {
    const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
    registerMine(program);
    program.commands.forEach((command) => command.copyInheritedSettings(program));
    await program.parseAsync(['node', 'role-mining', 'mine', ...args]);
  }

  async function report(...args: string[]): Promise<Report> {
    await mine(...args, '--json', path('out.json'));
    return JSON.parse(await readFile(path('out.json'), 'utf8')) as Report;
  }

  it('prints the candidates with what they amount to', async () => {
    await mine(path('assignments.csv'));

    const [text] = printed.mock.calls[0] as [string];
    expect(text).toMatch(/invoices and 1 more .* 1\.00 .* 4 .* 4 .* 2 .* 8 /);
    expect(text).toContain('Roles: 1, explaining 88.8% of 9 assignments; 1 stay direct');
    expect(text).toContain('Weighted structural complexity: 8, of direct assignments alone 9');
  });

  it('writes the report with the ids of the file', async () => {
    const { timings_ms: timings, ...written } = await report(path('assignments.csv'), '--users', path('users.csv'));

    expect(written).toMatchObject({
      users: 5,
      entitlements: 3,
      assignments: 9,
      parameters: {
        min_users: 3,
        min_entitlements: 2,
        confidence_threshold: 0.6,
        objective: 'wsc',
        complete: false,
        hierarchy: false,
        role_weight: 1,
        seed: 0,
        time_limit: null,
      },
      roles: [
        {
          name: 'Everyone · invoices and 1 more',
          entitlements: ['invoices', 'payments'],
          users: ['ann', 'bob', 'cleo', 'dan'],
          confidence: 1,
        },
      ],
      direct: [['dan', 'vault']],
      metrics: {
        role_count: 1,
        user_assignments: 4,
        permission_assignments: 2,
        direct_assignments: 1,
        wsc: 8,
        coverage: 8 / 9,
        proven_optimal: true,
      },
    });
    expect(written.metrics).toHaveProperty('lower_bound');
    for (const part of ['load', 'mine', 'total']) expect(timings[part]).toBeGreaterThan(0);
  });

  it('leaves nothing direct when the role set is to be complete', async () => {
    const { roles, direct, parameters } = await report(path('assignments.csv'), '--complete', '--time-limit', '0.1');

    expect(direct).toEqual([]);
    const granted = roles.flatMap(({ users, entitlements }) =>
      users.flatMap((u) => entitlements.map((e) => `${u} ${e}`)),
    );
    expect(new Set(granted).size).toBe(9);
    expect(parameters).toMatchObject({ min_users: 1, min_entitlements: 1, confidence_threshold: 0, time_limit: 0.1 });
  });

  it('writes a report to look at', async () => {
    await mine(path('assignments.csv'), '--users', path('users.csv'), '--report', path('out.html'));

    const page = await readFile(path('out.html'), 'utf8');
    expect(page).toMatch(/^<!doctype html>/i);
    expect(page).toContain('1 role explains 88.8% of 9 assignments');
    expect(page).toContain('Everyone · invoices and 1 more');
    expect(page).toContain('Proven: no role set is simpler than 8.');
    const data = /<script type="application\/json" id="matrix-data">(.*?)<\/script>/s.exec(page)![1];
    expect(JSON.parse(data)).toMatchObject({
      users: ['dan', 'ann', 'bob', 'cleo'],
      userDetails: ['Finance', 'Finance', 'Finance', 'Finance'],
      entitlements: ['invoices', 'payments', 'vault'],
      directOfUser: [[2], [], [], []],
    });
  });

  it('writes what a role inherits and what it grants itself apart when there is to be a hierarchy', async () => {
    const everyone = ['door', 'mail', 'intranet'];
    const rows = Array.from({ length: 12 }, (_, user) =>
      [
        ...everyone,
        ...(user < 6 ? ['leads', 'prices', 'quotes'] : []),
        ...(user < 3 ? ['refunds', 'credits'] : []),
      ].map((entitlement) => `u${user},${entitlement}`),
    ).flat();
    await writeFile(path('layers.csv'), `user,entitlement\n${rows.join('\n')}\n`);

    const { roles, metrics, trade_off: tradeOff } = await report(path('layers.csv'), '--hierarchy', '--complete');

    const byName = new Map(roles.map((role) => [role.name, role]));
    const senior = roles.find(({ entitlements }) => entitlements.length === 8);
    expect(senior).toMatchObject({ own_entitlements: ['refunds', 'credits'], users: ['u0', 'u1', 'u2'] });
    expect(senior?.juniors.map((name) => byName.get(name)?.entitlements)).toEqual([
      [...everyone, 'leads', 'prices', 'quotes'],
    ]);
    expect(metrics).toMatchObject({ cost_model: 'hierarchy', role_hierarchy_edges: 2, wsc: 3 + 12 + 8 + 2 });
    expect(tradeOff.at(-1)).toEqual({ role_count: 3, wsc: 25 });
    expect(printed.mock.calls[0][0]).toContain('Hierarchy: 2 roles inherit from others (2 inheritances');
  });

  it('weighs roles as it is told', async () => {
    const { roles, parameters } = await report(path('assignments.csv'), '--role-weight', '1000');

    expect(roles).toEqual([]);
    expect(parameters).toMatchObject({ role_weight: 1000 });
  });

  it.each([
    [['--hierarchy'], '--hierarchy is for --objective wsc'],
    [['--role-weight', '2'], '--role-weight is for --objective wsc'],
  ])('refuses %j with the fewest roles', async (options, message) => {
    await expect(mine(path('assignments.csv'), '--objective', 'roles', ...options)).rejects.toThrow(message);
  });

  it('lists what seems to be missing and what seems to be a mistake, and prints how much', async () => {
    const sales = ['leads', 'prices', 'quotes', 'tours', 'visits'];
    const plant = ['alarms', 'badges', 'cranes', 'drills', 'engines'];
    const rows = Array.from({ length: 80 }, (_, user) =>
      (user < 40 ? sales : plant).map((entitlement) => `u${user},${entitlement}`),
    ).flat();
    const noisy = [...rows.filter((row) => row !== 'u3,quotes'), 'u7,cranes'];
    await writeFile(path('noisy.csv'), `user,entitlement\n${noisy.join('\n')}\n`);

    const { suspected } = await report(path('noisy.csv'));

    expect(suspected).toEqual({
      missing: [['u3', 'quotes', expect.any(Number)]],
      extra: [['u7', 'cranes', expect.any(Number)]],
    });
    expect(printed.mock.calls[0][0]).toContain(
      'For review: 1 assignments seem to be missing, 1 to be mistakes (--json lists them)',
    );
  });

  it('says when no role pays', async () => {
    await mine(path('assignments.csv'), '--min-users', '5');

    expect(printed.mock.calls[0][0]).toContain('No role pays at these thresholds.');
  });

  it.each([
    [['--min-users', '0'], 'Expected an integer from 1 to 1000000.'],
    [['--min-entitlements', '1.5'], 'Expected an integer from 1 to 10000.'],
    [['--confidence', '1.1'], 'Expected a number from 0 to 1.'],
    [['--confidence', 'high'], 'Expected a number from 0 to 1.'],
    [['--objective', 'fewest'], 'Allowed choices are wsc, roles.'],
    [['--seed', '4294967296'], 'Expected an integer from -2147483648 to 2147483647.'],
    [['--role-weight', '-1'], 'Expected a number from 0 to 1000000.'],
    [['--time-limit', '-1'], 'Expected a number from 0 to 86400.'],
  ])('refuses %j', async (options, message) => {
    await expect(mine(path('assignments.csv'), ...options)).rejects.toThrow(message);
  });

  it.each([
    ['missing.csv', 'missing.csv: there is no such file or folder'],
    ['.', 'it is a folder'],
    ['faulty.csv', 'faulty.csv, line 3: expected 2 fields, got 1'],
  ])('says what is wrong with %s', async (name, message) => {
    await expect(mine(path(name))).rejects.toThrow(message);
    await expect(mine(path('assignments.csv'), '--users', path(name))).rejects.toThrow(
      name === 'faulty.csv' ? 'faulty.csv, line 3' : message,
    );
  });

  it('says that it cannot write the report', async () => {
    for (const option of ['--json', '--report']) {
      await expect(mine(path('assignments.csv'), option, path('nowhere/out'))).rejects.toThrow(
        /^cannot write .*nowhere\/out: there is no such file or folder$/,
      );
    }
  });
});
