import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { assignmentsCsv, importGraph, names } from '../support/seed-graph.js';
import { type Answer, eventually, startTestService, type TestService } from '../support/test-service.js';

const JOBS = '/governance/role-mining/jobs';
const HARMFUL = '</script><img src=x onerror=alert(1)>';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(async () => service[Symbol.asyncDispose]());

const report = (token: string | null, jobId: string, of = service): Promise<Answer> =>
  of.call('GET', `${JOBS}/${jobId}/report`, { token });
const textOf = ({ body }: Answer): string => body.text as string;

async function createJob(token: string, of = service, parameters: object = {}): Promise<string> {
  const { body } = await of.call('POST', JOBS, { token, json: { name: `Spring ${HARMFUL}`, parameters } });
  return body.id as string;
}

interface Picture {
  readonly users: string[];
  readonly entitlements: string[];
  readonly roles: { name: string; isKept: boolean; userCount: number; columns: number[] }[];
  readonly rolesOfUser: number[][];
  readonly directOfUser: number[][];
  readonly lacking: unknown[];
}
function pictureOf(answer: Answer): Picture {
  const data = /<script type="application\/json" id="matrix-data">(.*?)<\/script>/s.exec(textOf(answer))![1];
  return JSON.parse(data) as Picture;
}

describe('the report of a completed job', () => {
  const tenant = randomUUID();
  const sales = names('sales', 6);
  const finance = names('finance', 5);
  let token: string;
  let jobId: string;
  let answer: Answer;

  beforeAll(async () => {
    token = service.token({ tenant });
    await importGraph(service, token, {
      assignments: assignmentsCsv([
        { users: sales, entitlements: ['crm:read', 'crm:write', 'mail'] },
        { users: finance, entitlements: ['erp:book', 'erp:pay', 'erp:close'] },
        { users: ['sales1'], entitlements: names('extra', 9) },
      ]),
      users: [
        'user,department',
        ...sales.map((user) => `${user},Sales`),
        ...finance.map((user) => `${user},Finance`),
        '',
      ].join('\n'),
      entitlements: `entitlement,name,application\ncrm:read,${HARMFUL},CRM\n`,
      roles: [
        'role,name,entitlement,user',
        ...['erp:book', 'erp:pay', 'erp:close'].map((entitlement) => `R1,Bookkeeping,${entitlement},`),
        ...['erp:book', 'erp:pay'].map((entitlement) => `R2,${HARMFUL},${entitlement},`),
        '',
      ].join('\n'),
    });
    jobId = await createJob(token, service, { peer_group_attribute: 'department', consolidation_threshold: 60 });
    await service.call('POST', `${JOBS}/${jobId}/run`, { token });
    await eventually(
      () => service.call('GET', `${JOBS}/${jobId}`, { token }),
      ({ body }) => body.status === 'completed',
    );
    answer = await report(token, jobId);
  });

  it('is a page that allows nothing but itself, and is kept nowhere', () => {
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; script-src 'sha256-[^ ]+'; style-src 'sha256-[^ ]+'; .*frame-ancestors 'none'$/,
    );
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('shows who holds what by names, in blocks of roles, those that exist already included', () => {
    const picture = pictureOf(answer);
    expect(picture.users.toSorted()).toEqual([...finance, ...sales].toSorted());
    expect(picture.entitlements).toHaveLength(15);
    expect(
      picture.roles
        .map(({ name, isKept, userCount, columns }) => [isKept ? name : '', userCount, columns.length])
        .sort(),
    ).toEqual([
      ['', 6, 3],
      ['Bookkeeping', 5, 3],
    ]);
    expect(picture.directOfUser[picture.users.indexOf('sales1')]).toHaveLength(9);
    expect(picture.directOfUser.flat()).toHaveLength(9);
    expect(picture.lacking).toEqual([]);
  });

  it('tells of outliers, overlaps and how good the result is', () => {
    const text = textOf(answer);
    expect(text).toMatch(/<span class="name">sales1<\/span>/);
    expect(text).toContain('Compared with Sales');
    expect(text).toContain('2 roles explain');
    expect(text).toContain('1 of them exists already');
    expect(text).toContain('Overlapping roles');
    expect(text).not.toContain('have changed since');
  });

  it('does no harm whatever names say', () => {
    expect(textOf(answer)).not.toContain('<img');
    expect(textOf(answer)).toContain('&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;');
  });

  it('says when access has changed since', async () => {
    await importGraph(service, token, {
      assignments: assignmentsCsv([{ users: sales.slice(1), entitlements: ['crm:read', 'mail'] }]),
    });
    const later = await report(token, jobId);
    expect(textOf(later)).toContain('Access or roles have changed since this was mined.');
    expect(textOf(later)).toContain('2 roles explain');
    expect(pictureOf(later).users).toEqual(expect.arrayContaining(sales.slice(1)));
  });

  it('is nobody else’s', async () => {
    expect((await report(service.token(), jobId)).status).toBe(404);
    expect((await report(service.token({ tenant, roles: ['auditor'] }), jobId)).status).toBe(403);
    expect((await report(null, jobId)).status).toBe(401);
    expect((await report(token, 'no-uuid')).status).toBe(400);
  });
});

describe('the report of a job without results', () => {
  it('says that it has not been started', async () => {
    const token = service.token();
    const answer = await report(token, await createJob(token));
    expect(answer.status).toBe(200);
    expect(textOf(answer)).toContain('This job has not been started');
  });

  it('says that nobody is there to run it, then that it was cancelled', async () => {
    const alone = await startTestService({ PROCESS_ROLE: 'api' });
    try {
      const token = alone.token();
      const jobId = await createJob(token, alone);
      await alone.call('POST', `${JOBS}/${jobId}/run`, { token });
      expect(textOf(await report(token, jobId, alone))).toContain('no worker is alive to take it');
      await alone.call('DELETE', `${JOBS}/${jobId}`, { token });
      expect(textOf(await report(token, jobId, alone))).toContain('This job was cancelled');
    } finally {
      await alone[Symbol.asyncDispose]();
    }
  });

  it('says that a worker is alive, that it runs, and why it failed', async () => {
    const tenant = randomUUID();
    const token = service.token({ tenant });
    const jobId = await createJob(token);
    const move = (sql: string): Promise<unknown> =>
      service.asTenant(tenant, `UPDATE role_mining_job SET ${sql} WHERE tenant_id = $1 AND id = $2`, [tenant, jobId]);
    await move(`status = 'running', started_at = now()`);
    const seen = await eventually(
      () => report(token, jobId),
      (answer) => textOf(answer).includes('A worker is alive'),
    );
    expect(textOf(seen)).toContain('This job waits for a worker');
    await move(`claim_id = gen_random_uuid(), progress_percent = 42`);
    expect(textOf(await report(token, jobId))).toContain('42% done');
    await move(`status = 'failed', completed_at = now(), error_message = 'Out of <luck>'`);
    expect(textOf(await report(token, jobId))).toContain('The reason: Out of &lt;luck&gt;');
  });
});
