import type { DataSource, Logger } from 'typeorm';
import { jobOf } from './filled-lists.js';

/** A list as it is asked for, and what counting the same rows is by itself. */
export interface ListCall {
  readonly path: string;
  /** Those that give the list's order. */
  readonly index: RegExp;
  readonly table: string;
  /** $1 is the tenant, $2 the job. */
  readonly condition: string;
  /** Whether the job's row says how many there are, so that nothing is counted. */
  readonly isTotalKnown: boolean;
}

const MINING = '/governance/role-mining';
const GRAPH = '/governance/access-graph';
const SOMEBODY = 'c4ca4238-a0b9-2382-0dcc-509a6f75849b'; // md5('1'), the first user of `fillLists`

const NUMBERED_BY_JOB: ReadonlySet<string> = new Set([
  'role_mining_candidate',
  'role_mining_excessive_privilege',
  'role_mining_consolidation_suggestion',
]);

/**
 * The lists of the contract, without and with their filters, but for `search`: a part of a name is looked for in every name
 * (no index of trigrams may serve a query under row-level security, since ILIKE is not leakproof).
 */
export function listCalls(tenant: string): ListCall[] {
  const calls: ListCall[] = [];
  const add = (path: string, index: RegExp, table: string, filters: Record<string, string>, ofJob = false): void => {
    const base = ofJob ? 'tenant_id = $1 AND job_id = $2' : 'tenant_id = $1';
    for (const [query, filter] of Object.entries({ '': '', ...filters })) {
      const condition = filter === '' ? base : `${base} AND ${filter}`;
      const isTotalKnown = query === '' && NUMBERED_BY_JOB.has(table);
      calls.push({ path: path + query, index, table, condition, isTotalKnown });
    }
  };
  const results = (kind: string, index: RegExp, table: string, filters: Record<string, string>): void =>
    add(`${MINING}/jobs/${jobOf(tenant)}/${kind}`, index, table, filters, true);
  add(`${MINING}/jobs`, /^role_mining_job_(newest|status)_ix$/, 'role_mining_job', {
    '?status=pending': `status = 'pending'`,
  });
  results('candidates', /^role_mining_candidate_best_ix$/, 'role_mining_candidate', {
    '?status=pending': `promotion_status = 'pending'`,
    '?status=dismissed': `promotion_status = 'dismissed'`,
    '?min_confidence=0.5': 'confidence_score >= 0.5',
    '?min_members=500': 'member_count >= 500',
  });
  results('patterns', /^role_mining_pattern_largest_ix$/, 'role_mining_pattern', {
    '?min_frequency=500': 'frequency >= 500',
  });
  results('excessive-privileges', /^role_mining_excessive_privilege_worst_ix$/, 'role_mining_excessive_privilege', {
    '?status=accepted': `status = 'accepted'`,
    [`?limit=1&user_id=${SOMEBODY}`]: `user_id = '${SOMEBODY}'`,
  });
  const suggestions = 'role_mining_consolidation_suggestion';
  results('consolidation-suggestions', /^role_mining_consolidation_suggestion_strongest_ix$/, suggestions, {
    '?status=dismissed': `status = 'dismissed'`,
    '?min_overlap=50': 'overlap_percent >= 50',
  });
  results('suspected-grants', /^role_mining_suspected_grant_surest_ix$/, 'role_mining_suspected_grant', {
    '?kind=extra': `kind = 'extra'`,
    '?min_score=0.5': 'score >= 0.5',
  });
  add(`${MINING}/audit-events`, /^audit_event_.*(pkey|sequence.*_idx)$/, 'audit_event', {
    '?before=500': '1 = 1',
    '?outcome=done': 'refusal IS NULL',
    '?object_type=job': `object_type = 'job'`,
  });
  add(`${MINING}/simulations`, /^role_mining_simulation_newest_ix$/, 'role_mining_simulation', {
    '?status=cancelled': `status = 'cancelled'`,
    '?scenario_type=remove_role': `scenario_type = 'remove_role'`,
  });
  const ofExistingRole = `EXISTS (SELECT FROM access_role role WHERE role.tenant_id = $1 AND role.id = role_id)`;
  add(`${MINING}/metrics`, /^role_mining_role_metric_least_used_ix$/, 'role_mining_role_metric', {
    '': ofExistingRole,
    '?trend_direction=up': `trend_direction = 'up' AND ${ofExistingRole}`,
    '?min_utilization=0.5': `utilization_rate >= 0.5 AND ${ofExistingRole}`,
  });
  add(`${GRAPH}/users`, /^access_user_external_id_uq$/, 'access_user', {});
  add(`${GRAPH}/entitlements`, /^access_entitlement_name_ix$/, 'access_entitlement', {
    '?application=Application+7': `application = 'Application 7'`,
  });
  add(`${GRAPH}/roles`, /^access_role_name_(ix|uq)$/, 'access_role', {});
  add(`${GRAPH}/imports`, /^access_import_newest_ix$/, 'access_import', {});
  return calls;
}

export interface Statement {
  readonly sql: string;
  readonly values: unknown[];
}

/** The statements of a list: its page and its total. */
export interface ListStatements {
  readonly page: Statement;
  /** Null where nothing is counted. */
  readonly total: Statement | null;
}

/** Listens to what is asked of the database while the list is asked for, so that nothing is measured but what runs. */
export async function statementsOf(dataSource: DataSource, ask: () => Promise<unknown>): Promise<ListStatements> {
  const heard: Statement[] = [];
  const { logger } = dataSource;
  dataSource.logger = {
    ...SILENT,
    logQuery: (sql: string, values?: unknown[]) => heard.push({ sql, values: values ?? [] }),
  };
  try {
    await ask();
  } finally {
    dataSource.logger = logger;
  }
  const page = heard.find(({ sql }) => /ORDER BY[\s\S]*LIMIT/.test(sql));
  const total = heard.find(({ sql }) => /^\s*SELECT COUNT\(/i.test(sql)) ?? null;
  if (page === undefined) throw new Error(`No page among ${JSON.stringify(heard)}`);
  return { page, total };
}

const nothing = (): void => undefined;
const SILENT: Omit<Logger, 'logQuery'> = {
  logQueryError: nothing,
  logQuerySlow: nothing,
  logSchemaBuild: nothing,
  logMigration: nothing,
  log: nothing,
};
