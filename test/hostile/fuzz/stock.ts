import { randomUUID } from 'node:crypto';
import { signToken } from '../../support/test-service.js';
import { assignmentsCsv, names } from '../../support/seed-graph.js';
import type { Chance } from './chance.js';

const GOVERNANCE = '/governance/role-mining';
const GRAPH = '/governance/access-graph';

/** Which parameter the ids of a collection are called by. */
const PARAMETERS: Readonly<Record<string, string>> = {
  jobs: 'job_id',
  candidates: 'candidate_id',
  patterns: 'pattern_id',
  'excessive-privileges': 'flag_id',
  'consolidation-suggestions': 'suggestion_id',
  'sod-rules': 'rule_id',
  simulations: 'simulation_id',
  webhooks: 'webhook_id',
  deliveries: 'delivery_id',
  imports: 'import_id',
  users: 'user_id',
  entitlements: 'entitlement_id',
  roles: 'role_id',
};

/** The state in which an operation finds its object useful. */
const WANTED_STATE: readonly (readonly [operation: RegExp, parameter: string, state: RegExp])[] = [
  [/_(promote|dismiss)$|simulate/i, 'candidate_id', /^pending$/],
  [/review/i, 'flag_id', /^pending$/],
  [/dismiss|merge/i, 'suggestion_id', /^pending$/],
  [/^Jobs_run$/, 'job_id', /^pending$/],
  [/^Jobs_cancelOrDelete$/, 'job_id', /^(running|failed|cancelled)$/],
  [/^Jobs_/, 'job_id', /./],
  [/execute/i, 'simulation_id', /^draft$/],
  [/apply/i, 'simulation_id', /^executed$/],
  [/delete|cancel|remove/i, 'simulation_id', /^(draft|executed)$/],
  [/./, 'job_id', /^completed$/],
];

const KEPT = 300;

interface Known {
  readonly id: string;
  readonly state: string;
  /** The job whose result it is, which it goes with. */
  readonly jobId: string | null;
}

/** The objects of one tenant that requests can be about, as far as answers have told of them. */
export class Stock {
  readonly tenant = randomUUID();
  readonly token = signToken({ tenant: this.tenant });
  private readonly known = new Map<string, Map<string, Known>>();
  /** What a merge of a suggestion has to repeat of its preview. */
  private readonly impacts = new Map<string, string>();
  /** The one whose deliveries are known. */
  private deliveringWebhook: string | null = null;
  private round = 0;

  constructor(private readonly url: string) {}

  /** An id for a parameter of an operation, in a useful state most of the time. */
  idFor(chance: Chance, parameter: string, operation: string): string {
    if (operation === 'Consolidation_merge' && this.impacts.size > 0 && chance.happens(0.85)) {
      return [...this.impacts.keys()][this.impacts.size - 1];
    }
    if (operation === 'Webhooks_redeliver' && parameter === 'webhook_id' && chance.happens(0.85)) {
      return this.deliveringWebhook ?? chance.uuid();
    }
    const known = [...(this.known.get(parameter)?.values() ?? [])];
    const all = known.filter((each) => each !== this.spared(operation, known));
    const [, , state = /./] = WANTED_STATE.find(([o, p]) => p === parameter && o.test(operation)) ?? [];
    const wanted = all.filter((each) => state.test(each.state));
    const choice = wanted.length > 0 && chance.happens(0.85) ? wanted : all;
    return choice.length === 0 ? chance.uuid() : chance.pick(choice.slice(-60)).id;
  }

  /** Without the latest completed job, or the webhook with deliveries, there would be nothing to ask for until the next round. */
  private spared(operation: string, known: readonly Known[]): Known | undefined {
    if (operation === 'Jobs_cancelOrDelete') return known.findLast(({ state }) => state === 'completed');
    return operation === 'Webhooks_delete' ? known.find(({ id }) => id === this.deliveringWebhook) : undefined;
  }

  /** The hash of the preview, once: a merge makes it void. */
  takeImpact(suggestionId: string): string | undefined {
    const impact = this.impacts.get(suggestionId);
    this.impacts.delete(suggestionId);
    return impact;
  }

  idsFor(chance: Chance, parameter: string, count: number): string[] {
    return chance.some([...(this.known.get(parameter)?.keys() ?? [])], count);
  }

  /** Learns the ids and states that a successful answer tells. */
  learn(path: string, body: unknown): void {
    if (typeof body !== 'object') return;
    const segments = path.split('?', 1)[0].split('/').slice(1);
    if (segments.at(-1) === 'merge-preview') {
      this.impacts.set(segments.at(-2) ?? '', (body as { impact_hash: string }).impact_hash);
      return;
    }
    const list = (body as { items?: unknown } | null)?.items;
    if (Array.isArray(list)) {
      const parameter = PARAMETERS[segments.at(-1) ?? ''];
      if (parameter !== undefined) for (const item of list) this.remember(parameter, item);
      return;
    }
    const collection = segments.findLast((segment) => segment in PARAMETERS && !/^(simulate|members)$/.test(segment));
    const parameter = segments.at(-1) === 'simulate' ? 'simulation_id' : PARAMETERS[collection ?? ''];
    if (parameter !== undefined) this.remember(parameter, body);
  }

  /** Whether a path names one of the objects. */
  owns(path: string): boolean {
    const segments = path.toLowerCase().split(/[/?]/);
    return [...this.known.values()].some((ids) => segments.some((segment) => ids.has(segment)));
  }

  forget(id: string): void {
    this.impacts.delete(id);
    for (const ids of this.known.values()) {
      ids.delete(id);
      for (const each of ids.values()) if (each.jobId === id) ids.delete(each.id);
    }
  }

  /** New data, a new mining run and new drafts: whatever has been decided and deleted meanwhile. */
  async replenish(): Promise<void> {
    this.round += 1;
    for (const part of ['user_id', 'entitlement_id', 'role_id']) this.known.delete(part);
    await this.importGraph();
    // One that stays: a tenant may have only so many, and requests of the run make some, too.
    this.deliveringWebhook ??= await this.post(`${GOVERNANCE}/webhooks`, {
      url: 'https://receiver.invalid/',
      event_types: ['job.completed'],
    });
    const job = await this.post(`${GOVERNANCE}/jobs`, {
      name: `Round ${this.round}`,
      parameters: { min_users: 2, consolidation_threshold: 30, deviation_threshold: 20 },
    });
    await this.post(`${GOVERNANCE}/jobs/${job}/run`, {});
    for (let tries = 0; ; tries += 1) {
      const answer = (await this.get(`${GOVERNANCE}/jobs/${job}`)) as { status: string };
      if (answer.status !== 'running') break;
      if (tries > 1200) throw new Error(`The mining job of the stock does not end: ${JSON.stringify(answer)}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    for (const list of ['candidates', 'patterns', 'excessive-privileges', 'consolidation-suggestions']) {
      await this.get(`${GOVERNANCE}/jobs/${job}/${list}?limit=100`);
    }
    this.impacts.clear();
    for (const id of [...(this.known.get('suggestion_id')?.keys() ?? [])].slice(-4)) {
      await this.ask('GET', `${GOVERNANCE}/consolidation-suggestions/${id}/merge-preview`);
    }
    this.known.delete('delivery_id');
    await this.get(`${GOVERNANCE}/webhooks/${this.deliveringWebhook}/deliveries`);
    for (const list of ['users', 'entitlements', 'roles']) await this.get(`${GRAPH}/${list}?limit=100`);
    for (let i = 0; i < 8; i += 1) await this.post(`${GOVERNANCE}/jobs`, { name: `Draft ${this.round}.${i}` });
    const [entitlement, ...others] = [...(this.known.get('entitlement_id')?.keys() ?? [])];
    for (let i = 0; i < 12; i += 1) {
      const id = await this.post(`${GOVERNANCE}/simulations`, {
        name: `Draft ${this.round}.${i}`,
        scenario_type: 'add_role',
        changes: { role_name: `Role ${this.round}.${i}`, entitlement_ids: [entitlement, others[i]] },
      });
      if (i % 2 === 0) await this.post(`${GOVERNANCE}/simulations/${id}/execute`, {});
    }
    await this.post(`${GOVERNANCE}/metrics/calculate`, {});
  }

  private async importGraph(): Promise<void> {
    const groups = [0, 1, 2, 3, 4].map((group) => ({
      users: names(`group${group}-user`, 12),
      entitlements: names(`group${group}-access`, 6),
    }));
    // What no role gives yet, for candidates; and people with far more than their peers.
    const projects = Array.from({ length: 24 }, (_, project) => ({
      users: names(`group${project % 5}-user`, 3 + (project % 7)),
      entitlements: names(`project${project}-access`, 3),
    }));
    const greedy = {
      users: names('group0-user', 3),
      entitlements: [...groups, ...projects].flatMap(({ entitlements }) => entitlements),
    };
    const roles = groups.flatMap(({ users, entitlements }, group) =>
      ['a', 'b'].flatMap((half) => [
        ...entitlements
          .slice(half === 'a' ? 0 : 1)
          .map((entitlement) => `r${group}${half},Role ${group}${half},${entitlement},`),
        ...users.slice(half === 'a' ? 0 : 3).map((user) => `r${group}${half},Role ${group}${half},,${user}`),
      ]),
    );
    const users = groups.flatMap(({ users: members }, group) => members.map((user) => `${user},Department ${group}`));
    const files = {
      assignments: assignmentsCsv([...groups, ...projects, greedy]),
      users: ['user,department', ...users, ''].join('\n'),
      roles: ['role,name,entitlement,user', ...roles, ''].join('\n'),
    };
    const form = new FormData();
    for (const [part, text] of Object.entries(files)) form.append(part, new Blob([text]), `${part}.csv`);
    // Another import of the tenant may be running: a request of the run.
    for (let tries = 0; ; tries += 1) {
      const response = await fetch(`${this.url}${GRAPH}/imports?wait=60&max_removed_percent=100`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${this.token}` },
        body: form,
      });
      const body = await response.text();
      if (response.status === 201) return;
      if (response.status !== 409 || tries > 50)
        throw new Error(`The import of the stock was answered ${response.status}: ${body}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  private async post(path: string, json: unknown): Promise<string> {
    const body = await this.ask('POST', path, json);
    return (body as { id?: string }).id ?? '';
  }

  private get(path: string): Promise<unknown> {
    return this.ask('GET', path);
  }

  private async ask(method: string, path: string, json?: unknown): Promise<unknown> {
    const response = await fetch(this.url + path, {
      method,
      headers: { Authorization: `Bearer ${this.token}`, 'Content-Type': 'application/json' },
      body: json === undefined ? undefined : JSON.stringify(json),
    });
    const text = await response.text();
    // Requests of the run may have been quicker with the same object.
    if (!response.ok && response.status !== 409 && response.status !== 404)
      throw new Error(`${method} ${path} was answered ${response.status}: ${text}`);
    const body: unknown = JSON.parse(text);
    if (response.ok) this.learn(path, body);
    return body;
  }

  private remember(parameter: string, item: unknown): void {
    if (typeof item !== 'object' || item === null || !('id' in item) || typeof item.id !== 'string') return;
    const { status, promotion_status, job_id } = item as Record<string, unknown>;
    let ids = this.known.get(parameter);
    if (ids === undefined) this.known.set(parameter, (ids = new Map<string, Known>()));
    ids.delete(item.id);
    ids.set(item.id, { id: item.id, state: textOf(promotion_status ?? status) ?? 'known', jobId: textOf(job_id) });
    if (ids.size > KEPT) ids.delete([...ids.keys()][0]);
  }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
