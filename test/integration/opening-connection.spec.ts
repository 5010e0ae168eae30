import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { connectionSettings } from '../../src/database/connection.js';
import { OpeningConnection } from '../../src/database/opening-connection.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const BEGIN = { text: 'BEGIN', values: [] };
const NO_BEGIN = { text: 'BEGIN ISOLATION LEVEL NONE', values: [] };
const SYNTAX_ERROR = '42601';

describe('OpeningConnection', () => {
  let database: TestDatabase;
  let connection: OpeningConnection;
  let others: pg.Client;
  const tenant = randomUUID();
  const scope = { text: `SELECT set_config('app.current_tenant', $1, true)`, values: [tenant] };

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(async () => {
    await database.dispose();
  });
  beforeEach(async () => {
    const { config, url } = database.open;
    const limits = { statementTimeoutMs: 10_000, lockTimeoutMs: null, idleTransactionTimeoutMs: null };
    const settings = connectionSettings(config, url, limits);
    [connection, others] = [new OpeningConnection(settings), new pg.Client(settings)];
    await Promise.all([connection.connect(), others.connect()]);
    // Without row-level security: whatever is written outside of a transaction stays.
    await send('CREATE TEMPORARY TABLE note (text text PRIMARY KEY)');
  });
  afterEach(async () => {
    await Promise.all([connection.end(), others.end()]);
  });

  const write = (text: string): Promise<unknown> => send('INSERT INTO note VALUES ($1)', [text]);
  const notes = async (): Promise<string[]> => (await send('SELECT text FROM note')).rows.map(({ text }) => text);
  const send = (sql: string, values?: unknown[]): Promise<pg.QueryResult<{ text: string }>> =>
    (connection as pg.Client).query<{ text: string }>(sql, values);
  /** Of the connection's server process, as others see it. */
  const stateOf = async (): Promise<string> => {
    const { processID } = connection as unknown as { processID: number };
    const { rows } = await others.query<{ state: string }>('SELECT state FROM pg_stat_activity WHERE pid = $1', [
      processID,
    ]);
    return rows[0].state;
  };

  it('opens the transaction with its first statement, whose result is that alone', async () => {
    connection.openWith([BEGIN, scope]);
    expect(await stateOf()).toBe('idle');
    const { rows, command } = await send(`SELECT current_setting('app.current_tenant') AS text WHERE $1`, [true]);
    expect({ rows, command }).toEqual({ rows: [{ text: tenant }], command: 'SELECT' });
    expect(await stateOf()).toBe('idle in transaction');
    await write('kept');
    await connection.commit();
    expect(await stateOf()).toBe('idle');
    expect(await notes()).toEqual(['kept']);
  });

  it('opens it apart for a statement without parameters, which may be several', async () => {
    connection.openWith([BEGIN, scope]);
    await send(`SELECT 1; INSERT INTO note VALUES ('one'); INSERT INTO note VALUES ('two')`);
    await connection.rollBack();
    expect(await notes()).toEqual([]);
  });

  it('sends nothing at all when there is no statement', async () => {
    connection.openWith([NO_BEGIN, scope]);
    await connection.commit();
    connection.close();
    expect(await notes()).toEqual([]);
  });

  it('carries nothing out once opening has failed: neither that statement, nor one beside it, nor one after it', async () => {
    connection.openWith([NO_BEGIN, scope]);
    const together = await Promise.allSettled([write('first'), write('beside')]);
    expect(together).toMatchObject([{ reason: { code: SYNTAX_ERROR } }, { reason: { code: SYNTAX_ERROR } }]);
    await expect(write('after')).rejects.toMatchObject({ code: SYNTAX_ERROR });
    await expect(connection.opened()).rejects.toMatchObject({ code: SYNTAX_ERROR });
    await expect(connection.commit()).rejects.toMatchObject({ code: SYNTAX_ERROR });
    await connection.rollBack();
    expect(await notes()).toEqual([]);
  });

  it('carries nothing out for a tenant that could not be set', async () => {
    connection.openWith([BEGIN, { text: `SELECT set_config('statement_timeout', $1, true)`, values: ['-5 apples'] }]);
    await expect(write('first')).rejects.toMatchObject({ code: '22023' });
    await expect(write('second')).rejects.toMatchObject({ code: '25P02' });
    await expect(connection.commit()).rejects.toThrow('nothing of it was done');
    expect(await notes()).toEqual([]);
  });

  it('tells the failure of the first statement to it alone, and does not commit', async () => {
    connection.openWith([BEGIN, scope]);
    await expect(send('SELECT $1 / 0', [1])).rejects.toMatchObject({ code: '22012' });
    await expect(write('later')).rejects.toMatchObject({ code: '25P02' });
    await connection.rollBack();
    await write('outside');
    expect(await notes()).toEqual(['outside']);
  });

  it('rolls back what was opened for a statement whose values cannot be sent', async () => {
    connection.openWith([BEGIN, scope]);
    const endless: { self?: unknown } = {};
    endless.self = endless;
    await expect(write(endless as string)).rejects.toThrow(/circular/i);
    await connection.rollBack();
    expect(await stateOf()).toBe('idle');
    expect(await notes()).toEqual([]);
  });

  it('keeps statements that were sent at once in the transaction', async () => {
    connection.openWith([BEGIN, scope]);
    await Promise.all([write('one'), write('two'), write('three')]);
    await connection.rollBack();
    expect(await notes()).toEqual([]);
  });

  it('does not let a statement out that waited for the opening of a transaction that has ended', async () => {
    connection.openWith([BEGIN, scope]);
    const first = write('first');
    const late = expect(write('late')).rejects.toThrow('The transaction has ended');
    const rolledBack = connection.rollBack();
    await Promise.all([first, late, rolledBack]);
    expect(await notes()).toEqual([]);
  });

  it('refuses COPY until it has been opened', async () => {
    connection.openWith([BEGIN, scope]);
    const copy = (): unknown => (connection as pg.Client).query(copyFrom('COPY note FROM STDIN'));
    expect(copy).toThrow('await opened()');
    await connection.opened();
    expect(await stateOf()).toBe('idle in transaction');
    await connection.rollBack();
  });
});
