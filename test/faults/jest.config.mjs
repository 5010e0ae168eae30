// The faults that are too slow for `npm test`: real processes that are killed, frozen and cut off. Needs Linux and dist/.
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import base from '../../jest.config.mjs';

const e2e = base.projects.find(({ displayName }) => displayName === 'e2e');

// Inherited by the specs: what decides the points at which processes are killed, and where they write what was survived.
process.env.FAULTS_SEED ??= String(randomInt(2 ** 31));
process.env.FAULTS_SURVIVED ??= join(tmpdir(), `role-mining-survived-${process.pid}.ndjson`);

export default {
  ...e2e,
  rootDir: '../..',
  displayName: 'faults',
  testMatch: ['<rootDir>/test/faults/**/*.fault-spec.ts'],
  testTimeout: 600_000,
  // One after the other: they measure, and each needs the processors for its own processes.
  maxWorkers: 1,
  reporters: ['default', '<rootDir>/test/faults/support/survived.reporter.mjs'],
};
