// For mutation testing (stryker.config.mjs). That a property fails is all that matters there: looking for its smallest
// counterexample takes longer than all specs together. And a mutant meets the same cases in every run.
import fc from 'fast-check';

fc.configureGlobal({ endOnFailure: true, seed: 1 });
