import { createRequire } from 'node:module';

/** Of this package; one level above `src` and `dist` alike. */
export const VERSION = (createRequire(import.meta.url)('../package.json') as { version: string }).version;
