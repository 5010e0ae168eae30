/** An attribute (or two together) that sets the members of a candidate apart from everybody else. */
export interface AttributeRule {
  /** One or two conditions, all of which must hold: attribute and value as the organisation writes them. */
  readonly conditions: readonly { readonly attribute: string; readonly value: string }[];
  /** Members among the users who match. */
  readonly precision: number;
  /** Matching users among the members. */
  readonly recall: number;
  readonly f1: number;
  readonly matchingUsers: number;
  readonly matchingMembers: number;
}

/** Why a candidate is a role, in numbers that an administrator can check. */
export interface CandidateExplanation {
  /** Assignments that the candidate covers for the users who are given it themselves, not through a senior role. */
  readonly assignmentsCovered: number;
  /** Of those, the ones that no earlier candidate of the role set covers. */
  readonly newAssignmentsCovered: number;
  /** Change in weighted structural complexity when the candidate is added last (in a hierarchy: see `complexityChanges`); negative is simpler. */
  readonly complexityChange: number;
  /** Users who lack exactly one of the entitlements, by that entitlement, most first; those with none are left out. */
  readonly nearMisses: readonly { readonly entitlement: number; readonly userCount: number }[];
  /** Users who lack exactly two. */
  readonly usersLackingTwo: number;
  /** Best F1 over the members; null when no attribute is known. */
  readonly attributeRule: AttributeRule | null;
}
