/** What a job is asked to find. Stored as it was completed by the defaults, so that a later change of these changes no old job. */
export interface MiningJobParameters {
  readonly minUsers: number;
  readonly minEntitlements: number;
  readonly confidenceThreshold: number;
  readonly includeExcessivePrivilege: boolean;
  readonly includeConsolidation: boolean;
  readonly consolidationThreshold: number;
  readonly deviationThreshold: number;
  readonly peerGroupAttribute: string | null;
}

export const DEFAULT_PARAMETERS: MiningJobParameters = {
  minUsers: 3,
  minEntitlements: 2,
  confidenceThreshold: 0.6,
  includeExcessivePrivilege: true,
  includeConsolidation: true,
  consolidationThreshold: 70,
  deviationThreshold: 50,
  peerGroupAttribute: null,
};
