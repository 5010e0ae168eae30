import type { CandidateExplanation } from '../explanation/explanation.js';
import type { MinedRole } from '../role-set/role-set.js';

/** A role of the set that the organisation does not have yet, made readable. */
export interface RoleCandidate {
  readonly role: MinedRole;
  /** Unique within the result and among existing roles, whatever the case; 1 to 255 Unicode characters. */
  readonly name: string;
  /** The existing role that it only adds to or narrows (the one with the largest Jaccard index); null otherwise. */
  readonly existingRole: number | null;
  readonly explanation: CandidateExplanation;
}
