// Mutation testing of what decides and scores: `npm run test:mutation`. Each mutant is a small fault put into one of these
// files; a unit spec has to fail for it. Not in CI: it takes minutes, and says something about the specs, not the code.
import jest from './jest.config.mjs';

const unit = jest.projects.find(({ displayName }) => displayName === 'unit');

/** Files to mutate, without `src/` and `.ts`, and beside each its spec or that of the file that uses it. */
const UNDER_TEST = [
  'auth/{actor,admin.guard,jwt.guard,jwt.strategy,request-rate.guard,request-rates,token-claims}',
  'common/transitions',
  'common/paging/{page.dto,page.query}',
  'role-mining/{candidates/promotion,consolidation/suggestion,excessive-privileges/privilege,jobs/job,simulations/simulation}-status',
  'engine/confidence',
  'engine/consolidation/{find-role-overlaps,ranked-sets,required-overlap,similarity-join,strongest-pairs}',
  'engine/excessive-privileges/{find-excessive-privileges,peer-group}',
  'engine/suspected-noise/suspicion-list',
  'engine/explanation/role-coverage',
];

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  mutate: UNDER_TEST.map((files) => `src/${files}.ts`),
  testRunner: 'jest',
  plugins: ['@stryker-mutator/jest-runner'],
  // Specs are ES modules.
  testRunnerNodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
  jest: {
    // One flat configuration instead of the projects of jest.config.mjs, into which Stryker cannot put its coverage.
    configFile: 'package.json',
    config: {
      ...unit,
      setupFiles: ['<rootDir>/test/support/properties-of-mutants.mjs'],
      testMatch: UNDER_TEST.map((files) => `<rootDir>/src/${files}.spec.ts`),
    },
  },
  // SWC does not check types, and a mutant that would not compile is tested as any other.
  disableTypeChecks: false,
  coverageAnalysis: 'perTest',
  concurrency: 1,
  // Copied into the sandbox is only what these specs can need.
  ignorePatterns: [
    '*',
    '!src',
    '!src/**',
    '!test',
    '!test/support',
    '!test/support/properties-of-mutants.mjs',
    '!package.json',
  ],
  tempDirName: 'build/mutation',
  cleanTempDir: 'always',
  reporters: ['progress-append-only', 'clear-text', 'html', 'json'],
  htmlReporter: { fileName: 'reports/mutation.html' },
  jsonReporter: { fileName: 'reports/mutation.json' },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  thresholds: { high: 95, low: 90, break: 85 },
};
