import pg from 'pg';

/**
 * The other team's own table, in the database of role mining, so that a role and the decision that made it are committed
 * together. Run as the owner of the database; safe to repeat.
 *
 * @param applicationLogin who reads and writes the rows
 */
export async function prepareDirectoryTables(owner: pg.ClientBase, applicationLogin: string): Promise<void> {
  const login = pg.escapeIdentifier(applicationLogin);
  await owner.query(`
    CREATE SCHEMA IF NOT EXISTS staff_directory;
    CREATE TABLE IF NOT EXISTS staff_directory.role (
      id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
      tenant_id uuid NOT NULL,
      name text NOT NULL,
      description text,
      source text NOT NULL,
      grant_ids uuid[] NOT NULL,
      member_ids uuid[] NOT NULL,
      UNIQUE (tenant_id, name));
    GRANT USAGE ON SCHEMA staff_directory TO ${login};
    GRANT SELECT, INSERT, UPDATE, DELETE ON staff_directory.role TO ${login}`);
}
