import { Logger } from '@nestjs/common';
import { loadConfig } from './config/load-config.js';
import { ConfigurationError } from './config/configuration.error.js';
import { DatabaseSetupError } from './database/database-setup.error.js';
import { EmbeddedServerError } from './database/embedded-server/embedded-server.error.js';
import { openDatabase } from './database/open-database.js';
import { AppModule } from './app.module.js';
import { createHttpApplication } from './http-application.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Starts this process: environment, database, application, port. What the operator can mend ends it with one readable
 * line on standard error and exit code 1.
 */
export async function startService(): Promise<void> {
  using early = new EarlySignals();
  try {
    const config = loadConfig(process.env);
    const database = await openDatabase(config.database);
    try {
      if (early.haveCome) return await database.close();
      // From here on the application closes the database when it shuts down.
      const app = await createHttpApplication(AppModule.forRoot(config, database), config);
      if (early.haveCome) return await app.close();
      early[Symbol.dispose]();
      await app.listen(config.http.port, config.http.host).catch(async (error: unknown) => {
        await app.close();
        throw error;
      });
      new Logger('Service').log(`Listening on ${await app.getUrl()}`);
    } catch (error) {
      await database.close();
      throw error;
    }
  } catch (error) {
    if (!isForOperator(error)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

/**
 * Remembers signals that come before the application listens for them itself. Without this they would end the process
 * at once, and leave an embedded server behind that has just been started.
 */
class EarlySignals implements Disposable {
  haveCome = false;
  private readonly remember = (): void => {
    this.haveCome = true;
  };

  constructor() {
    for (const signal of SIGNALS) process.on(signal, this.remember);
  }

  [Symbol.dispose](): void {
    for (const signal of SIGNALS) process.off(signal, this.remember);
  }
}

function isForOperator(error: unknown): error is Error {
  if (
    error instanceof ConfigurationError ||
    error instanceof DatabaseSetupError ||
    error instanceof EmbeddedServerError
  ) {
    return true;
  }
  // The port is taken, or may not be bound.
  return error instanceof Error && 'syscall' in error && error.syscall === 'listen';
}
