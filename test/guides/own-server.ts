import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedServer } from '../../src/database/embedded-server/embedded-server.js';

/** A PostgreSQL as an operator gets it, with nothing on it: databases and logins may have whatever name. */
export interface OwnServer extends AsyncDisposable {
  /** Host and port. */
  readonly address: string;
  readonly superuserUrl: string;
}

export async function startOwnServer(): Promise<OwnServer> {
  const directory = await mkdtemp(join(tmpdir(), 'role-mining-guide-'));
  // Open to the account under which root starts the server; what lies inside is closed.
  await chmod(directory, 0o755);
  const server = await EmbeddedServer.start({ dataDirectory: directory, settings: { fsync: 'off' } });
  const superuserUrl = server.superuserUrl();
  return {
    address: new URL(superuserUrl).host,
    superuserUrl,
    [Symbol.asyncDispose]: async () => {
      await server.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
