import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EntityManager } from 'typeorm';
import { lockGraph } from '../../../src/access-graph/stores/graph-lock.js';
import { stableUuid } from '../../../src/common/stable-uuid.js';
import { TenantTransaction } from '../../../src/database/tenant-transaction.js';
import { eventually, startTestService, type Answer, type TestService } from '../../support/test-service.js';

const IMPORTS = '/governance/access-graph/imports';
const FIXTURES = join(import.meta.dirname, '../../fixtures/access-graph');

let service: TestService;
beforeAll(async () => {
  service = await startTestService({ PROCESS_ROLE: 'api', IMPORT_MAX_BYTES: '20000' });
});
afterAll(async () => service[Symbol.asyncDispose]());

interface Sent {
  readonly token?: string;
  readonly query?: string;
  readonly type?: string;
  readonly headers?: Record<string, string>;
}

/** One file as the body. */
async function send(
  body: string | Uint8Array<ArrayBuffer>,
  { token, query = '', type, headers }: Sent,
): Promise<Answer> {
  const response = await fetch(`${service.url}${IMPORTS}?${query}`, {
    method: 'POST',
    headers: { ...(token && { Authorization: `Bearer ${token}` }), 'Content-Type': type ?? 'text/csv', ...headers },
    body,
  });
  return answerOf(response);
}

/** Several files as multipart. */
async function upload(
  files: Record<string, string>,
  { token = service.token(), query = '' }: Sent = {},
): Promise<Answer> {
  const form = new FormData();
  for (const [part, text] of Object.entries(files)) form.append(part, new Blob([text]), `${part}.csv`);
  const response = await fetch(`${service.url}${IMPORTS}?wait=60&${query}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}` },
    body: form,
  });
  return answerOf(response);
}

async function answerOf(response: Response): Promise<Answer> {
  const body = (await response.json()) as Answer['body'];
  return { status: response.status, headers: response.headers, body };
}

const get = async (path: string, token: string): Promise<Answer['body']> => {
  const answer = await service.call('GET', `/governance/access-graph/${path}`, { token });
  expect(answer.status).toBe(200);
  return answer.body;
};
const countsOf = ({ body }: Answer): Record<string, unknown> => body.counts as Record<string, unknown>;
const none = { added: 0, updated: 0, removed: 0, total: 0 };
const ASSIGNMENTS = 'user,entitlement,last_used_at\nada,read,2026-01-05T10:00:00Z\nada,write,\nbob,read,\nbob,read,\n';
const USERS = 'user,department,site\nada,Finance,Oslo|Rome\nbob,Sales,\n';
const ENTITLEMENTS =
  'entitlement,name,application,description\nread,Read files,Files,Reads\nwrite,Write files,Files,\n';
const ROLES = 'role,name,entitlement,user\nr1,Readers,read,\nr1,,,ada\nr1,,,bob\nr2,Writers,write,\nr2,,,ada\n';
const ALL = { assignments: ASSIGNMENTS, users: USERS, entitlements: ENTITLEMENTS, roles: ROLES };

describe('POST /imports', () => {
  it('takes all files at once and says what it did', async () => {
    const [tenant, user] = [randomUUID(), randomUUID()];
    const token = service.token({ tenant, user });
    const answer = await upload(ALL, { token });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('location')).toBe(`${IMPORTS}/${answer.body.id as string}`);
    expect(answer.body).toMatchObject({
      mode: 'replace',
      dry_run: false,
      max_removed_percent: 20,
      parts: ['assignments', 'users', 'entitlements', 'roles'],
      status: 'completed',
      progress_percent: 100,
      error_message: null,
      errors: [],
      error_count: 0,
      removals: [],
      created_by: user,
      counts: {
        users: { ...none, added: 2, total: 2 },
        entitlements: { ...none, added: 2, total: 2 },
        assignments: { ...none, added: 3, total: 3 },
        roles: { ...none, added: 2, total: 2 },
        role_entitlements: { ...none, added: 2, total: 2 },
        role_members: { ...none, added: 3, total: 3 },
        duplicates_ignored: 1,
        sod_violations: [],
        duration_ms: expect.any(Number),
      },
    });
    expect(await get(`users/${stableUuid(tenant, 'user', 'ada')}`, token)).toEqual({
      id: stableUuid(tenant, 'user', 'ada'),
      external_id: 'ada',
      attributes: { department: 'Finance', site: ['Oslo', 'Rome'] },
      entitlement_count: 2,
      role_count: 2,
    });
  });

  it('changes nothing when the same files come again, ids included', async () => {
    const token = service.token({ tenant: randomUUID() });
    await upload(ALL, { token });
    const paths = ['users', 'entitlements', 'roles'];
    const before = await Promise.all(paths.map((path) => get(path, token)));
    const again = await upload(ALL, { token });
    expect(countsOf(again)).toEqual({
      users: { ...none, total: 2 },
      entitlements: { ...none, total: 2 },
      assignments: { ...none, total: 3 },
      roles: { ...none, total: 2 },
      role_entitlements: { ...none, total: 2 },
      role_members: { ...none, total: 3 },
      duplicates_ignored: 1,
      sod_violations: [],
      duration_ms: expect.any(Number),
    });
    expect(await Promise.all(paths.map((path) => get(path, token)))).toEqual(before);
  });

  it('answers 202 at once without wait, and the import tells its end', async () => {
    const token = service.token();
    const answer = await send(ASSIGNMENTS, { token, query: 'part=assignments' });
    expect(answer.status).toBe(202);
    const location = answer.headers.get('location') as string;
    const done = await eventually(
      () => service.call('GET', location, { token }),
      ({ body }) => body.status !== 'running',
    );
    expect(done.body).toMatchObject({ status: 'completed', progress_percent: 100, parts: ['assignments'] });
    expect(done.body.completed_at).toMatch(/Z$/);
  });

  it.each([
    ['CSV', ASSIGNMENTS, 'text/csv'],
    ['gzip', gzipSync(ASSIGNMENTS), 'application/gzip'],
    ['gzip that says it is CSV', gzipSync(ASSIGNMENTS), 'text/csv; charset=utf-8'],
    [
      'NDJSON',
      '{"user":"ada","entitlement":"read"}\n{"user":"ada","entitlement":"write"}\n{"user":"bob","entitlement":"read"}',
      'application/x-ndjson',
    ],
    ['pairs', 'ada read\nada write\nbob read\n', 'text/plain'],
    [
      'CSV with semicolons and a byte order mark',
      '\uFEFFuser;entitlement\nada;read\nada;write\nbob;read\n',
      'text/csv',
    ],
  ])('takes %s as the body', async (_, body, type) => {
    const bytes = typeof body === 'string' ? body : new Uint8Array(body);
    const answer = await send(bytes, { token: service.token(), type, query: 'part=assignments&wait=60' });
    expect(answer.status).toBe(201);
    expect(countsOf(answer).assignments).toEqual({ ...none, added: 3, total: 3 });
  });

  it('replaces a part: what is missing is removed, with what hung on it', async () => {
    const tenant = randomUUID();
    const token = service.token({ tenant });
    await upload(ALL, { token });
    const answer = await upload({ users: 'user,department\nada,Legal\n' }, { token, query: 'max_removed_percent=100' });
    expect(countsOf(answer)).toMatchObject({
      users: { added: 0, updated: 1, removed: 1, total: 1 },
      entitlements: { ...none, total: 2 },
      assignments: { added: 0, updated: 0, removed: 1, total: 2 },
      roles: { ...none, total: 2 },
      role_members: { added: 0, updated: 0, removed: 1, total: 2 },
    });
    const { items } = await get('users', token);
    expect(items).toMatchObject([{ external_id: 'ada', attributes: { department: 'Legal' } }]);
    // An external id that comes back gets its old UUID back.
    await upload({ users: USERS }, { token });
    expect(await get(`users/${stableUuid(tenant, 'user', 'bob')}`, token)).toMatchObject({ entitlement_count: 0 });
  });

  it('merges: adds and updates only', async () => {
    const token = service.token({ tenant: randomUUID() });
    await upload(ALL, { token });
    const answer = await upload(
      {
        users: 'user,site,title\nada,Bergen,Clerk\ncy,Oslo,\n',
        assignments: 'user,entitlement\ncy,read\ncy,delete\n',
        roles: 'role,name,entitlement,user\nr1,Readers of files,delete,\n',
      },
      { token, query: 'mode=merge' },
    );
    expect(countsOf(answer)).toMatchObject({
      users: { added: 1, updated: 1, removed: 0, total: 3 },
      entitlements: { added: 1, updated: 0, removed: 0, total: 3 },
      assignments: { added: 2, updated: 0, removed: 0, total: 5 },
      roles: { added: 0, updated: 1, removed: 0, total: 2 },
      role_entitlements: { added: 1, updated: 0, removed: 0, total: 3 },
      role_members: { added: 0, updated: 0, removed: 0, total: 3 },
    });
    const { items } = await get('users?search=ADA', token);
    expect(items).toMatchObject([{ attributes: { department: 'Finance', site: 'Bergen', title: 'Clerk' } }]);
  });

  it('refuses to remove more than allowed, with the figures, and changes nothing', async () => {
    const token = service.token({ tenant: randomUUID() });
    await upload(ALL, { token });
    const answer = await upload({ assignments: 'user,entitlement\nada,read\n' }, { token });
    expect(answer.status).toBe(409);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body).toMatchObject({
      detail: 'Nothing was imported: it would remove 2 of 3 assignments (66.7 %), more than the allowed 20 %',
      removals: [{ part: 'assignments', existing: 3, removed: 2, removed_percent: 66.7 }],
    });
    expect(await get('summary', token)).toMatchObject({ users: 2, assignments: 3 });
    const { items } = await get('imports', token);
    expect(items).toMatchObject([{ status: 'failed', removals: [{ removed: 2 }] }, { status: 'completed' }]);
  });

  it('only reports in a dry run', async () => {
    const token = service.token({ tenant: randomUUID() });
    const dry = await upload(ALL, { token, query: 'dry_run=true' });
    expect(dry.status).toBe(201);
    expect(await get('summary', token)).toEqual({
      users: 0,
      entitlements: 0,
      assignments: 0,
      roles: 0,
      last_import_at: null,
      attributes: [],
    });
    const real = await upload(ALL, { token });
    expect({ ...countsOf(dry), duration_ms: 0 }).toEqual({ ...countsOf(real), sod_violations: null, duration_ms: 0 });
    const change = { assignments: 'user,entitlement\nada,read\ncy,read\n' };
    const query = 'max_removed_percent=70';
    const dryChange = await upload(change, { token, query: `${query}&dry_run=true` });
    expect(await get('summary', token)).toMatchObject({ users: 2, assignments: 3 });
    const realChange = await upload(change, { token, query });
    expect({ ...countsOf(dryChange), duration_ms: 0 }).toEqual({
      ...countsOf(realChange),
      sod_violations: null,
      duration_ms: 0,
    });
    expect(countsOf(realChange)).toMatchObject({ assignments: { added: 1, removed: 2, total: 2 } });
  });

  it('keeps an external id that is a UUID as the UUID', async () => {
    const token = service.token({ tenant: randomUUID() });
    const id = randomUUID();
    const first = await upload({ assignments: `user,entitlement\n${id.toUpperCase()},read\n` }, { token });
    expect(first.status).toBe(201);
    const again = await upload({ assignments: `user,entitlement\n${id},read\n` }, { token });
    expect(countsOf(again).assignments).toEqual({ ...none, total: 1 });
    expect(await get(`users/${id}`, token)).toMatchObject({ id, external_id: id });
  });

  it('shows each tenant its own', async () => {
    const [ours, theirs] = [service.token({ tenant: randomUUID() }), service.token({ tenant: randomUUID() })];
    const { body } = await upload(ALL, { token: ours });
    expect((await service.call('GET', `${IMPORTS}/${body.id as string}`, { token: theirs })).status).toBe(404);
    expect(await get('imports', theirs)).toMatchObject({ items: [], total: 0 });
    expect(await get('users', theirs)).toMatchObject({ items: [], total: 0 });
    await upload({ users: 'user,department\nada,Other\n' }, { token: theirs });
    expect(await get('users', ours)).toMatchObject({ total: 2 });
  });
});

describe('POST /imports with an Idempotency-Key', () => {
  const keyed = (): { token: string; headers: Record<string, string>; query: string } => ({
    token: service.token({ tenant: randomUUID() }),
    headers: { 'Idempotency-Key': randomUUID() },
    query: 'part=assignments&wait=60',
  });

  it('imports once, and gives that import again with where it is', async () => {
    const call = keyed();
    const answers = [await send(ASSIGNMENTS, call)];
    const packed = new Uint8Array(gzipSync(ASSIGNMENTS));
    answers.push(await send(packed, { ...call, query: 'part=assignments&wait=30', type: 'application/gzip' }));
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    expect(answers.map(({ headers }) => headers.get('Idempotency-Replayed'))).toEqual([null, 'true']);
    expect(answers[1].body).toEqual(answers[0].body);
    expect(answers[1].headers.get('location')).toBe(answers[0].headers.get('location'));
    expect(await get('imports', call.token)).toMatchObject({ total: 1 });
    const unwaited = await send(ASSIGNMENTS, { ...call, query: 'part=assignments' });
    expect([unwaited.status, unwaited.body.id]).toEqual([202, answers[0].body.id]);
  });

  it('imports once when it is sent several times at once', async () => {
    const call = keyed();
    const answers = await Promise.all(Array.from({ length: 4 }, () => send(ASSIGNMENTS, call)));
    // One that comes before the first has been written down is refused; nothing is imported twice.
    for (const { status } of answers) expect([201, 409]).toContain(status);
    expect(await get('imports', call.token)).toMatchObject({ total: 1 });
  });

  it('refuses other files and other options', async () => {
    const call = keyed();
    await send(ASSIGNMENTS, call);
    const otherFile = await send(`${ASSIGNMENTS}carl,read,\n`, call);
    const otherOption = await send(ASSIGNMENTS, { ...call, query: `${call.query}&mode=merge` });
    for (const { status, body } of [otherFile, otherOption]) {
      expect([status, body.errors]).toMatchObject([400, [{ field: 'Idempotency-Key' }]]);
    }
    expect(await get('imports', call.token)).toMatchObject({ total: 1 });
  });

  it('refuses again what it refused for its files or for what it would remove', async () => {
    const call = keyed();
    const broken = [await send('user,entitlement\nada\n', call), await send('user,entitlement\nada\n', call)];
    expect(broken.map(({ status }) => status)).toEqual([400, 400]);
    expect(broken[1].body).toEqual(broken[0].body);
    await send(ASSIGNMENTS, { ...call, headers: {} });
    const removing = { ...call, headers: { 'Idempotency-Key': 'removing' } };
    const shrunk = [await send('user,entitlement\nada,read\n', removing)];
    shrunk.push(await send('user,entitlement\nada,read\n', removing));
    expect(shrunk.map(({ status }) => status)).toEqual([409, 409]);
    expect(shrunk[1].body).toEqual(shrunk[0].body);
  });

  it('tries again what failed in the service, and after 24 hours', async () => {
    const tenant = randomUUID();
    const call = { ...keyed(), token: service.token({ tenant }) };
    const first = await send(ASSIGNMENTS, call);
    await service.asTenant(
      tenant,
      `UPDATE access_import SET status = 'failed', counts = NULL,
         failure = '{"message": "Stopped", "errors": [], "errorCount": 0, "removals": []}'`,
    );
    const second = await send(ASSIGNMENTS, call);
    await service.asTenant(tenant, `UPDATE access_import SET created_at = created_at - interval '25 hours'`);
    const third = await send(ASSIGNMENTS, call);
    expect(new Set([first, second, third].map(({ body }) => body.id)).size).toBe(3);
  });

  it('needs a key of visible characters', async () => {
    const answer = await send(ASSIGNMENTS, { ...keyed(), headers: { 'Idempotency-Key': 'x'.repeat(256) } });
    expect([answer.status, answer.body.errors]).toMatchObject([400, [{ field: 'Idempotency-Key' }]]);
  });
});

describe('what POST /imports refuses', () => {
  it('callers without a token, and those who are no administrators, before it looks at the body', async () => {
    expect((await send(ASSIGNMENTS, { query: 'part=assignments' })).status).toBe(401);
    const auditor = service.token({ roles: ['auditor'] });
    expect((await send(ASSIGNMENTS, { token: auditor, query: 'part=assignments' })).status).toBe(403);
    expect((await send('{}', { token: auditor, query: 'mode=other', type: 'image/png' })).status).toBe(403);
  });

  it.each(['application/json', 'image/png', 'application/x-www-form-urlencoded'])('a body of type %s', async (type) => {
    const answer = await send('{}', { token: service.token(), query: 'part=assignments', type });
    expect(answer.status).toBe(415);
    expect(answer.body.detail).toContain(type);
  });

  it.each([
    ['mode=other', 'mode'],
    ['part=people', 'part'],
    ['dry_run=yes', 'dry_run'],
    ['max_removed_percent=101', 'max_removed_percent'],
    ['max_removed_percent=-1', 'max_removed_percent'],
    ['wait=61', 'wait'],
    ['wait=1.5', 'wait'],
    ['', 'part'],
  ])('?%s, naming %s', async (query, field) => {
    const answer = await send(ASSIGNMENTS, { token: service.token(), query });
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toMatchObject([{ field }]);
  });

  it('a body of this kind on other routes', async () => {
    for (const type of ['text/csv', 'application/gzip']) {
      const response = await fetch(`${service.url}/governance/role-mining/jobs`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${service.token()}`, 'Content-Type': type },
        body: ASSIGNMENTS,
      });
      expect(response.status).toBe(415);
    }
  });

  it('unknown, repeated and missing files', async () => {
    const unknown = await upload({ people: 'user\nada\n' });
    expect([unknown.status, unknown.body.errors]).toMatchObject([400, [{ field: 'people' }]]);
    const empty = await upload({});
    expect([empty.status, empty.body.errors]).toMatchObject([400, [{ field: 'body' }]]);
    const form = new FormData();
    form.append('users', new Blob([USERS]), 'a.csv');
    form.append('users', new Blob([USERS]), 'b.csv');
    const twice = await fetch(service.url + IMPORTS, {
      method: 'POST',
      headers: { Authorization: `Bearer ${service.token()}` },
      body: form,
    });
    expect(twice.status).toBe(400);
    expect(await twice.json()).toMatchObject({ errors: [{ field: 'users', message: 'users was sent twice' }] });
    const field = new FormData();
    field.append('users', USERS);
    const noFile = await fetch(service.url + IMPORTS, {
      method: 'POST',
      headers: { Authorization: `Bearer ${service.token()}` },
      body: field,
    });
    expect(noFile.status).toBe(400);
    expect(await noFile.json()).toMatchObject({ errors: [{ field: 'users' }] });
  });

  it.each([
    ['without a boundary', 'multipart/form-data', 'xx'],
    ['that is none', 'multipart/form-data; boundary=B', 'xx'],
    [
      'that is cut off',
      'multipart/form-data; boundary=B',
      '--B\r\nContent-Disposition: form-data; name="users"; filename="u.csv"\r\n\r\nuser\na',
    ],
  ])('a multipart body %s', async (_, type, body) => {
    const answer = await send(body, { token: service.token(), type });
    expect([answer.status, answer.body.errors]).toMatchObject([400, [{ field: 'body' }]]);
  });

  it('more bytes than configured, packed or not', async () => {
    const large = `user,entitlement\n${'ada,read\n'.repeat(3000)}`;
    for (const body of [large, new Uint8Array(gzipSync(large))]) {
      const answer = await send(body, { token: service.token(), query: 'part=assignments' });
      expect(answer.status).toBe(413);
      expect(answer.body.detail).toBe('The files of an import must have at most 20000 bytes in all');
    }
    expect((await upload({ assignments: large.slice(0, 15000), users: large.slice(0, 15000) })).status).toBe(413);
  });

  it('an import while another of the tenant is running', async () => {
    const tenant = randomUUID();
    const token = service.token({ tenant });
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => send(ASSIGNMENTS, { token, query: 'part=assignments&wait=60' })),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status !== 201 && status !== 409)).toEqual([]);
    expect(statuses).toContain(201);
    for (const { status, body } of answers) {
      if (status === 409) expect(body.detail).toBe('Another import of this tenant is running');
    }
    const { total } = await get('imports', token);
    expect(total).toBe(statuses.filter((status) => status === 201).length);
  });
});

describe('roles that change while an import waits for the graph', () => {
  /** Imports everything again; `change` happens after the files have been compared with the graph. */
  async function importAround(tenant: string, change: (manager: EntityManager) => Promise<unknown>): Promise<Answer> {
    const token = service.token({ tenant });
    const [{ promise: importing, resolve }, transaction] = [
      Promise.withResolvers<Answer>(),
      service.app.get(TenantTransaction),
    ];
    await transaction.run(tenant, async (manager) => {
      await lockGraph(manager, tenant);
      resolve(upload(ALL, { token }));
      const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      await eventually(
        () => manager.query<unknown[]>(waiting),
        (sessions) => sessions.length > 0,
      );
      await change(manager);
    });
    return importing;
  }

  it('makes a role again that a merge has removed', async () => {
    const tenant = randomUUID();
    const token = service.token({ tenant });
    await upload(ALL, { token });

    const answer = await importAround(tenant, (manager) =>
      manager.query(`DELETE FROM access_role WHERE tenant_id = $1 AND external_id = 'r2'`, [tenant]),
    );

    expect(answer.status).toBe(201);
    expect(countsOf(answer)).toMatchObject({ roles: { added: 1, total: 2 }, role_members: { added: 1, total: 3 } });
    const { items } = await get('roles', token);
    expect((items as { name: string }[]).map(({ name }) => name)).toEqual(['Readers', 'Writers']);
  });

  it('is refused when a promoted role has taken a name', async () => {
    const tenant = randomUUID();

    const answer = await importAround(tenant, (manager) =>
      manager.query(
        `INSERT INTO access_role (tenant_id, id, external_id, name, source) VALUES ($1, $2, NULL, 'Writers', 'candidate')`,
        [tenant, randomUUID()],
      ),
    );

    expect(answer.status).toBe(400);
    expect(answer.body.errors).toEqual([
      { file: 'roles.csv', line: 5, message: expect.stringContaining('the role name "Writers" is taken by role') },
    ]);
  });
});

describe('files that are wrong', () => {
  const cases = readdirSync(join(FIXTURES, 'invalid')).sort();

  it.each(cases)('%s: says file, line and what was expected, and imports nothing', async (name) => {
    const folder = join(FIXTURES, 'invalid', name);
    const token = service.token({ tenant: randomUUID() });
    const form = new FormData();
    for (const file of readdirSync(folder).filter((each) => each !== 'expected.json')) {
      form.append(file.replace(/\..*$/, ''), new Blob([new Uint8Array(readFileSync(join(folder, file)))]), file);
    }
    const response = await fetch(`${service.url}${IMPORTS}?wait=60`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}` },
      body: form,
    });
    const answer = await answerOf(response);
    const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as unknown[];
    expect({ status: answer.status, errors: answer.body.errors }).toEqual({ status: 400, errors: expected });
    expect(answer.body.error_count).toBe(expected.length);
    expect(await get('summary', token)).toMatchObject({ users: 0, entitlements: 0, assignments: 0, roles: 0 });
  });

  it('lists the first hundred and says how many there are', async () => {
    const token = service.token({ tenant: randomUUID() });
    const rows = Array.from({ length: 250 }, (_, index) => `user${index},`);
    const answer = await send(`user,entitlement\n${rows.join('\n')}\n`, { token, query: 'part=assignments&wait=60' });
    expect(answer.status).toBe(400);
    expect(answer.body.error_count).toBe(250);
    expect(answer.body.errors).toHaveLength(100);
    expect(answer.body.detail).toBe('Nothing was imported. assignments, line 2: entitlement is empty (and 249 more)');
    const { items } = await get('imports', token);
    expect(items).toMatchObject([{ status: 'failed', error_count: 250, counts: null }]);
  });
});

describe('files that are right', () => {
  it.each(readdirSync(join(FIXTURES, 'valid')).sort())('%s', async (name) => {
    const folder = join(FIXTURES, 'valid', name);
    const files = readdirSync(folder).filter((each) => each !== 'expected.json');
    const form = new FormData();
    for (const file of files) {
      form.append(file.replace(/\..*$/, ''), new Blob([new Uint8Array(readFileSync(join(folder, file)))]), file);
    }
    const response = await fetch(`${service.url}${IMPORTS}?wait=60`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${service.token({ tenant: randomUUID() })}` },
      body: form,
    });
    const answer = await answerOf(response);
    expect(answer.status).toBe(201);
    const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Record<string, number>;
    const counts = countsOf(answer) as Record<string, { total: number }>;
    expect(Object.fromEntries(Object.keys(expected).map((what) => [what, counts[what].total]))).toEqual(expected);
  });
});

describe('GET /imports', () => {
  it('lists newest first, in pages', async () => {
    const token = service.token({ tenant: randomUUID() });
    const first = await upload({ users: USERS }, { token });
    const second = await upload({ users: USERS }, { token });
    const page = await get('imports?limit=1', token);
    expect(page).toMatchObject({ items: [{ id: second.body.id }], total: 2, page: 1, page_size: 1 });
    expect(await get('imports?limit=1&offset=1', token)).toMatchObject({ items: [{ id: first.body.id }], page: 2 });
  });

  it('refuses malformed ids and says that unknown ones do not exist', async () => {
    const token = service.token();
    expect((await service.call('GET', `${IMPORTS}/abc`, { token })).status).toBe(400);
    expect((await service.call('GET', `${IMPORTS}/${randomUUID()}`, { token })).status).toBe(404);
    expect((await service.call('GET', `${IMPORTS}?limit=0`, { token })).status).toBe(400);
  });
});
