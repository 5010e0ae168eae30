import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { loadConfig } from '../../src/config/load-config.js';

const ROOT = join(import.meta.dirname, '../..');

/** The swagger plugin works in the compiler: only the compiled service has the whole document. */
function requireFreshBuild(): void {
  const newestIn = (folder: string): number =>
    Math.max(
      ...readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && !file.includes('assembly'))
        .map((file) => statSync(join(folder, file)).mtimeMs),
    );
  const built = statSync(join(ROOT, 'dist/main.js'), { throwIfNoEntry: false })?.mtimeMs;
  if (built === undefined) throw new Error('dist/ is missing: run "npm run build" first');
  if (built < newestIn(join(ROOT, 'src'))) throw new Error('dist/ is older than src/: run "npm run build" first');
}

/**
 * The compiled service in Nest's preview mode, all modules and routes without any instance or connection, and the OpenAPI
 * document that it would serve.
 *
 * @throws Error when the build is older than a source
 */
export async function previewService(): Promise<{ app: NestFastifyApplication; document: OpenAPIObject }> {
  requireFreshBuild();
  const compiled = <T>(file: string): Promise<T> => import(join(ROOT, 'dist', file)) as Promise<T>;
  const { AppModule } = await compiled<typeof import('../../src/app.module.js')>('app.module.js');
  const { openApiDocument } = await compiled<typeof import('../../src/openapi/openapi.js')>('openapi/openapi.js');
  const url = 'postgresql://nobody@localhost/none';
  const config = loadConfig({ DATABASE_URL: url, JWT_SECRET: 'x'.repeat(32), LOG_LEVEL: 'silent' });
  const nothing = (): Promise<void> => Promise.resolve();
  const database = {
    url,
    config: config.database,
    appliedMigrations: [],
    close: nothing,
    [Symbol.asyncDispose]: nothing,
  };
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.forRoot(config, database),
    new FastifyAdapter(),
    { preview: true, logger: false, abortOnError: false },
  );
  await app.init();
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  return { app, document: openApiDocument(app, { version, basePath: '' }) };
}
