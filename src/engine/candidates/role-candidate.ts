import type { CandidateExplanation } from '../explanation/explanation.js';
import type { MinedRole } from '../role-set/role-set.js';

/** A role of the set that the organisation does not have yet, made readable. */
export interface RoleCandidate {
  readonly role: MinedRole;
  /** Unique within the result and among existing roles, whatever the case; 1 to 255 Unicode characters. */
  readonly name: string;
  /** The existing role that it only adds to or narrows (the one with the largest Jaccard index); null otherwise. */
  readonly existingRole: number | null;
  /** Candidates that it inherits from, by their place in the list of candidates; ascending. */
  readonly juniors: readonly number[];
  /** Existing roles that it inherits from: juniors in the role set that are no candidates, as there are such roles; ascending. */
  readonly existingJuniors: readonly number[];
  readonly explanation: CandidateExplanation;
}
