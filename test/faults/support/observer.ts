import pg from 'pg';
import type { DatabaseProxy } from './database-proxy.js';

/** A job's own row, and the queue's. */
export interface JobState {
  readonly status: string;
  readonly progress: number;
  readonly claimId: string | null;
  readonly error: string | null;
  /** pg-boss's state; null when it does not have the job. */
  readonly queued: string | null;
}

/** A session of a process in the database. */
export interface Session {
  readonly pid: number;
  readonly query: string;
  /** Whether it has written something that is not committed. */
  readonly hasWritten: boolean;
  readonly isInTransaction: boolean;
  /** The relation whose lock it waits for, or 'row' for that of a row; null when it does not wait. */
  readonly waitsFor: string | null;
}

/** Sees the database as its superuser: all tenants, and what other sessions do. */
export class Observer implements AsyncDisposable {
  private constructor(private readonly pool: pg.Pool) {}

  static async connect(superuserUrl: string): Promise<Observer> {
    const pool = new pg.Pool({ connectionString: superuserUrl, max: 4, options: '-c search_path=role_mining,pgboss' });
    pool.on('error', () => undefined);
    await pool.query('SELECT 1');
    return new Observer(pool);
  }

  async rows<Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.pool.query<Row>(sql, values)).rows;
  }

  async jobs(jobIds: readonly string[]): Promise<JobState[]> {
    return this.rows<JobState & pg.QueryResultRow>(
      `SELECT ours.status, ours.progress_percent AS progress, ours.claim_id AS "claimId", ours.error_message AS error,
         queued.state::text AS queued
       FROM unnest($1::uuid[]) WITH ORDINALITY AS asked (id, place)
       JOIN role_mining_job AS ours USING (id) LEFT JOIN pgboss.job AS queued USING (id) ORDER BY place`,
      [jobIds],
    );
  }

  async job(jobId: string): Promise<JobState> {
    return (await this.jobs([jobId]))[0];
  }

  /** Whether all have ended as completed; an end of another kind is an error. */
  async allCompleted(jobIds: readonly string[]): Promise<boolean> {
    const states = await this.jobs(jobIds);
    const wrong = states.find(({ status }) => status !== 'completed' && status !== 'running');
    if (wrong !== undefined) throw new Error(`A job ended otherwise: ${JSON.stringify(wrong)}`);
    return states.every(({ status }) => status === 'completed');
  }

  /** The process's sessions. */
  async sessions({ clientPorts }: DatabaseProxy): Promise<Session[]> {
    return this.rows<Session & pg.QueryResultRow>(
      `SELECT pid, query, backend_xid IS NOT NULL AS "hasWritten", xact_start IS NOT NULL AS "isInTransaction",
         (SELECT CASE WHEN locktype = 'relation' THEN relation::regclass::text ELSE 'row' END
          FROM pg_locks WHERE pg_locks.pid = activity.pid AND NOT granted LIMIT 1) AS "waitsFor"
       FROM pg_stat_activity AS activity WHERE datname = current_database() AND client_port = ANY ($1)`,
      [clientPorts],
    );
  }

  /**
   * Whether a session of the process waits for the lock of a relation, or of a 'row'.
   *
   * @param statement a part of the text of the one that waits
   */
  async isWaiting(proxy: DatabaseProxy, what: string, statement = ''): Promise<boolean> {
    const sessions = await this.sessions(proxy);
    return sessions.some(({ waitsFor, query }) => waitsFor === what && query.includes(statement));
  }

  /** How often the trail says that the job has completed. */
  async completions(jobId: string): Promise<number> {
    const [{ count }] = await this.rows<{ count: number }>(
      `SELECT count(*)::int AS count FROM audit_event WHERE object_id = $1 AND action = 'job.complete'`,
      [jobId],
    );
    return count;
  }

  /** Rows of results that exist of a job, in all tables together. */
  async resultCount(jobId: string): Promise<number> {
    const counts = await Promise.all(
      (await this.resultTables()).map((table) =>
        this.rows<{ count: number }>(`SELECT count(*)::int AS count FROM ${table} WHERE job_id = $1`, [jobId]),
      ),
    );
    return counts.reduce((sum, [{ count }]) => sum + count, 0);
  }

  /** The same for two jobs whose results are equal in everything but ids and times. */
  async fingerprint(jobId: string): Promise<string> {
    const parts: string[] = [];
    for (const table of await this.resultTables()) {
      const [{ digest, count }] = await this.rows<{ digest: string | null; count: number }>(
        `SELECT md5(string_agg(line, E'\\n' ORDER BY line)) AS digest, count(*)::int AS count FROM (
           SELECT (to_jsonb(result) - '{id,job_id,created_at}'::text[])::text AS line FROM ${table} AS result WHERE job_id = $1
         ) AS lines`,
        [jobId],
      );
      parts.push(`${table}: ${count} ${digest}`);
    }
    const [{ job }] = await this.rows<{ job: object }>(
      `SELECT jsonb_build_array(candidate_count, excessive_privilege_count, consolidation_suggestion_count,
         summary - '{durationMs,snapshotAt}'::text[]) AS job FROM role_mining_job WHERE id = $1`,
      [jobId],
    );
    return [...parts, JSON.stringify(job)].join('\n');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.pool.end();
  }

  /** Every table that belongs to a job and goes with it. */
  private async resultTables(): Promise<string[]> {
    const rows = await this.rows<{ name: string }>(
      `SELECT conrelid::regclass::text AS name FROM pg_constraint
       WHERE confrelid = 'role_mining.role_mining_job'::regclass AND contype = 'f' AND confdeltype = 'c' ORDER BY 1`,
    );
    return rows.map(({ name }) => name);
  }
}
