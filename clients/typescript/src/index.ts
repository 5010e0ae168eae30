export type { components, operations, paths } from './api.js';
export {
  type Answer,
  type ClientOptions,
  createClient,
  type ExportFormat,
  type ExportPath,
  type Init,
  type ItemOf,
  type ListPath,
  newIdempotencyKey,
  type PathsOf,
  type RoleMiningClient,
} from './client.js';
export type { JobEvent } from './job-events.js';
export { type Problem, ProblemError } from './problem-error.js';

import type { components } from './api.js';

/** What goes over the wire, by name: `Schemas['MiningJobDto']`. */
export type Schemas = components['schemas'];
