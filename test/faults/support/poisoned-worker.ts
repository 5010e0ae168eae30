import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { AccessGraphReader } from '../../../src/access-graph/snapshot/access-graph.reader.js';
import type { AccessSnapshot } from '../../../src/access-graph/snapshot/access-snapshot.js';
import { PostgresAccessGraphReader } from '../../../src/access-graph/snapshot/postgres-access-graph.reader.js';
import { AppModule } from '../../../src/app.module.js';
import { loadConfig } from '../../../src/config/load-config.js';
import { openDatabase } from '../../../src/database/open-database.js';
import { MiningThreads } from '../../../src/mining-threads/mining-threads.js';

// A worker as the service composes it, but for two things: its threads have little memory, and it reads some tenants'
// graphs in a way that no engine can bear. Which ones and how: `<tenant>=<poison>` in the arguments.

type Poison = 'engine throws' | 'out of memory' | 'process dies';

const HEAP_MEGABYTES = 24;
const poisons = new Map(process.argv.slice(2).map((argument) => argument.split('=') as [string, Poison]));

class PoisonedReader extends AccessGraphReader {
  constructor(private readonly ours: AccessGraphReader) {
    super();
  }

  override async readSnapshot(tenantId: string): Promise<AccessSnapshot> {
    const snapshot = await this.ours.readSnapshot(tenantId);
    switch (poisons.get(tenantId)) {
      case undefined:
        return snapshot;
      case 'engine throws':
        // A user whose list of entitlements ends before it begins.
        return { ...snapshot, access: { ...snapshot.access, offsets: snapshot.access.offsets.toReversed() } };
      case 'out of memory':
        return {
          ...snapshot,
          entitlementNames: Array.from({ length: 400_000 }, (_, e) => `a long name that no other entitlement has ${e}`),
        };
      case 'process dies':
        process.kill(process.pid, 'SIGKILL');
        return snapshot;
    }
  }
}

const config = loadConfig(process.env);
const database = await openDatabase(config.database);
const module = await Test.createTestingModule({ imports: [AppModule.forRoot(config, database)] })
  .overrideProvider(AccessGraphReader)
  .useFactory({
    factory: (ours: PostgresAccessGraphReader) => new PoisonedReader(ours),
    inject: [PostgresAccessGraphReader],
  })
  .overrideProvider(MiningThreads)
  .useValue(new MiningThreads({ threads: 1, heapMegabytes: HEAP_MEGABYTES }))
  .compile();
const app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter());
app.enableShutdownHooks([], { useProcessExit: true });
await app.listen(config.http.port, config.http.host);
