import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';

/**
 * The baseline: the same three statements on the same routes, straight from node:http to `pg`, with no framework, token,
 * validation, transaction or mapping. The tenant is set once per connection.
 * Run as a process: DATABASE_URL and TENANT in the environment; prints its port.
 */
const tenant = process.env.TENANT ?? '';
const pool = new pg.Pool({
  connectionString: process.env.DATABASE_URL,
  max: 10,
  options: `-c search_path=role_mining -c app.current_tenant=${tenant}`,
});

const LIST = 'SELECT * FROM role_mining_job WHERE tenant_id = $1 ORDER BY created_at DESC, id DESC LIMIT 50';
const COUNT = 'SELECT count(*)::int AS total FROM role_mining_job WHERE tenant_id = $1';
const GET = 'SELECT * FROM role_mining_job WHERE tenant_id = $1 AND id = $2';
const CREATE = `INSERT INTO role_mining_job (tenant_id, name, parameters, created_by) VALUES ($1, $2, '{}', $1) RETURNING *`;

const server = createServer((request, response) => {
  const answer = (value: unknown): void => {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(value));
  };
  const id = request.url?.split('/')[4];
  if (request.method === 'POST') {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { name } = JSON.parse(body) as { name: string };
      void pool.query(CREATE, [tenant, name]).then(({ rows }) => answer(rows[0]));
    });
  } else if (id !== undefined) {
    void pool.query(GET, [tenant, id]).then(({ rows }) => answer(rows[0]));
  } else {
    void Promise.all([pool.query(LIST, [tenant]), pool.query(COUNT, [tenant])]).then(([items, count]) =>
      answer({ items: items.rows as unknown[], ...(count.rows[0] as object) }),
    );
  }
});
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
