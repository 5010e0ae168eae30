import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Command } from 'commander';
import { signDevelopmentToken } from '../cli/development-token.js';
import { ConfigurationError } from '../config/configuration.error.js';
import { loadConfig } from '../config/load-config.js';
import { SECRETS } from '../config/environment.js';
import { Api } from './api.js';
import { decide } from './decisions.js';
import { DemoError } from './demo.error.js';
import { importExampleOrganisation } from './example-organisation.js';
import { runMiningJob } from './mining-run.js';
import { printResults } from './result-tables.js';
import { freePort, ServiceProcess } from './service-process.js';

/** A tenant of its own, so that nobody's data is replaced by the example's. */
const TENANT = '00000000-0000-4000-8000-0000000000de';
const ADMINISTRATOR = '00000000-0000-4000-8000-0000000000ad';
const TOKEN_HOURS = 12;
const INTERRUPTED_EXIT_CODE = 130;
/** These would lead to another database than the embedded one, or to tokens that the demo cannot sign. */
const NOT_FOR_THE_DEMO = [
  ...SECRETS.flatMap((name) => [name, `${name}_FILE`]),
  ...['JWT_JWKS_URI', 'JWT_ISSUER', 'JWT_AUDIENCE', 'PROCESS_ROLE'],
];

/** Shows the whole way, from who holds what to mined roles and the decisions about them, on the example organisation. */
async function demo(stayUp: boolean, stop: AbortController): Promise<void> {
  const environment = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !NOT_FOR_THE_DEMO.includes(name)),
  );
  const config = loadConfig(environment);
  const token = signDevelopmentToken(config.jwt, {
    tenantId: TENANT,
    userId: ADMINISTRATOR,
    roles: config.jwt.adminRoles.slice(0, 1),
    ttlSeconds: TOKEN_HOURS * 3600,
  });
  const { host } = config.http;
  const port = await freePort(host, config.http.port);
  const { dataDirectory } = config.database;
  const logFile = join(dataDirectory, 'demo.log');

  console.log('Starting the service on an embedded PostgreSQL…');
  await using service = new ServiceProcess(environment, { host, port }, { logFile, dataDirectory }, (error) =>
    stop.abort(error),
  );
  await service.ready(stop.signal);
  const api = new Api(service.url, token, stop.signal);
  await importExampleOrganisation(api, stop.signal);
  const job = await runMiningJob(api, stop.signal);
  await printResults(api, job);
  await decide(api, job, stop.signal);
  if (!stayUp) return;

  console.log(`
The service is up:
  Swagger UI   ${service.url}/docs   (Authorize with the token)
  API          ${service.url}/governance/role-mining/jobs
  OpenAPI      ${service.url}/openapi.json
  Log          ${logFile}

An administrator's token, good for ${TOKEN_HOURS} hours:
  ${token}

Try:
  curl -H 'Authorization: Bearer '$TOKEN ${service.url}/governance/role-mining/jobs

Ctrl-C stops it.`);
  await delay(2 ** 31 - 1, undefined, { signal: stop.signal }).catch((error: unknown) => {
    if (!(stop.signal.reason instanceof Interruption)) throw error;
  });
}

/** Somebody pressed Ctrl-C, or asked otherwise. */
class Interruption extends Error {}

const program = new Command('npm run demo --')
  .description('start the service, load the example organisation, mine it, show what was found and decide about it')
  .option('--once', 'stop then instead of staying up')
  .parse();
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => stop.abort(new Interruption(signal)));
}
try {
  await demo(program.opts<{ once?: boolean }>().once !== true, stop);
} catch (thrown) {
  // Whatever a call says that was aborted: the reason is why.
  const error: unknown = stop.signal.aborted ? stop.signal.reason : thrown;
  if (error instanceof Interruption) {
    process.exitCode = INTERRUPTED_EXIT_CODE;
  } else {
    process.exitCode = 1;
    const isForPeople = error instanceof DemoError || error instanceof ConfigurationError;
    console.error(isForPeople ? `\n${error.message}` : error);
  }
}
