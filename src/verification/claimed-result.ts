import { JsonPart } from './json-shape.js';

export const COST_MODELS = ['flat', 'with_direct', 'hierarchy', 'roles'] as const;
export type CostModel = (typeof COST_MODELS)[number];

export interface ClaimedRole {
  /** What the file calls it; null where it has no name. */
  readonly name: string | null;
  /** All of it, inherited or not. */
  readonly entitlements: readonly string[];
  /** Without a hierarchy all of it, and no juniors. */
  readonly ownEntitlements: readonly string[];
  /** Names of the roles that it inherits from. */
  readonly juniors: readonly string[];
  readonly users: readonly string[];
  readonly confidence: number;
}

/** What a result of `mine --json` says; nothing of it is believed. */
export interface ClaimedResult {
  readonly users: number;
  readonly entitlements: number;
  readonly assignments: number;
  readonly parameters: {
    readonly minUsers: number;
    readonly minEntitlements: number;
    readonly confidence: number;
    readonly objective: 'wsc' | 'roles';
    readonly complete: boolean;
    readonly hierarchy: boolean;
  };
  readonly roles: readonly ClaimedRole[];
  readonly direct: readonly (readonly [user: string, entitlement: string])[];
  readonly metrics: {
    readonly roleCount: number;
    readonly userAssignments: number;
    readonly permissionAssignments: number;
    readonly roleHierarchyEdges: number;
    readonly directAssignments: number;
    readonly wsc: number;
    readonly coverage: number;
    readonly costModel: CostModel;
    readonly lowerBound: number | null;
    readonly gapPercent: number | null;
    readonly provenOptimal: boolean;
  };
  readonly underCover: readonly { readonly percent: number; readonly roles: number | null }[];
}

/** @throws UnusableInputError naming the part that is missing or of another kind */
export function readResult(file: string, text: string): ClaimedResult {
  const result = JsonPart.parse(file, text);
  const parameters = result.member('parameters');
  const metrics = result.member('metrics');
  const hierarchy = parameters.optional('hierarchy')?.truth() ?? false;
  return {
    users: result.member('users').count(),
    entitlements: result.member('entitlements').count(),
    assignments: result.member('assignments').count(),
    parameters: {
      minUsers: parameters.member('min_users').count(),
      minEntitlements: parameters.member('min_entitlements').count(),
      confidence: parameters.member('confidence_threshold').number(),
      objective: parameters.member('objective').oneOf(['wsc', 'roles']),
      complete: parameters.member('complete').truth(),
      hierarchy,
    },
    roles: result
      .member('roles')
      .items()
      .map((role) => ({
        name: hierarchy ? role.member('name').text() : null,
        entitlements: role.member('entitlements').texts(),
        ownEntitlements: role.member(hierarchy ? 'own_entitlements' : 'entitlements').texts(),
        juniors: hierarchy ? role.member('juniors').texts() : [],
        users: role.member('users').texts(),
        confidence: role.member('confidence').number(),
      })),
    direct: result
      .member('direct')
      .items()
      .map((pair) => {
        const [user, entitlement] = pair.tuple(2);
        return [user.text(), entitlement.text()];
      }),
    metrics: {
      roleCount: metrics.member('role_count').count(),
      userAssignments: metrics.member('user_assignments').count(),
      permissionAssignments: metrics.member('permission_assignments').count(),
      roleHierarchyEdges: hierarchy ? metrics.member('role_hierarchy_edges').count() : 0,
      directAssignments: metrics.member('direct_assignments').count(),
      wsc: metrics.member('wsc').count(),
      coverage: metrics.member('coverage').number(),
      costModel: metrics.member('cost_model').oneOf(COST_MODELS),
      lowerBound: metrics.member('lower_bound').orNull((bound) => bound.count()),
      gapPercent: metrics.member('gap_percent').orNull((gap) => gap.number()),
      provenOptimal: metrics.member('proven_optimal').truth(),
    },
    underCover: result
      .member('under_cover')
      .items()
      .map((point) => ({
        percent: point.member('coverage_percent').number(),
        roles: point.member('role_count').orNull((count) => count.count()),
      })),
  };
}
