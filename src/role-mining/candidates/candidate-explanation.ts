/** Why a candidate is a role, in numbers that an administrator can check; the engine's, with UUIDs. */
export interface CandidateExplanation {
  readonly assignmentsCovered: number;
  readonly newAssignmentsCovered: number;
  readonly complexityChange: number;
  readonly nearMisses: readonly { readonly entitlementId: string; readonly userCount: number }[];
  readonly usersLackingTwo: number;
  readonly attributeRule: {
    readonly conditions: readonly { readonly attribute: string; readonly value: string }[];
    readonly precision: number;
    readonly recall: number;
    readonly f1: number;
    readonly matchingUsers: number;
    readonly matchingMembers: number;
  } | null;
}
