import type { EngineControl } from '../control.js';
import { countExactUsers, describeSets } from './describe-sets.js';
import type { PatternFindings } from './found-sets.js';
import type { PartsTask, PatternTask, SearchTask } from './pattern-task.js';
import { setRowBits } from './row-bits.js';
import { claimPart } from './shared-task.js';
import { findUsefulColumns } from './useful-columns.js';
import { refineClasses } from './user-classes.js';

export type FindClosedSets = (task: SearchTask, control: EngineControl) => PatternFindings;

const NOTHING: PatternFindings = { records: [] };

/**
 * Claims pieces of a task until none is left: what every thread does that takes part in a pattern search. Once the
 * caller has cancelled, pieces may be left undone.
 */
export function workOnTask(task: PatternTask, control: EngineControl, findClosedSets: FindClosedSets): PatternFindings {
  if (task.kind === 'search') return findClosedSets(task, control);
  for (let part = claimPart(task); part >= 0; part = claimPart(task)) runPart(task, part, control);
  return NOTHING;
}

function runPart(task: PartsTask, part: number, control: EngineControl): void {
  switch (task.kind) {
    case 'user-classes':
      // Also when cancelled: what has been found is described by means of the classes.
      refineClasses(task, part);
      break;
    case 'useful-columns':
      if (control.isCancelled?.() !== true) findUsefulColumns(task, part);
      break;
    case 'row-bits':
      setRowBits(task, part);
      break;
    case 'description':
      describeSets(task, part, control);
      break;
    case 'exact-users':
      countExactUsers(task, part);
  }
}
