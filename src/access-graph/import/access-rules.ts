import type { EntityManager } from 'typeorm';

/** A rule about access that somebody in the tenant breaks. */
export interface BrokenAccessRule {
  readonly ruleId: string;
  readonly ruleName: string;
  /** How many users break it. */
  readonly userCount: number;
}

/**
 * Rules about who may hold what, which an import does not enforce but reports on: what the files say is what people hold.
 * Given as `AccessGraphModule.forRoot({ accessRules })`; without them an import reports none.
 */
export abstract class AccessRules {
  /** The rules that somebody breaks, in the caller's transaction. */
  abstract violationsInTenant(manager: EntityManager, tenantId: string): Promise<BrokenAccessRule[]>;
}

export const NO_ACCESS_RULES: AccessRules = { violationsInTenant: () => Promise.resolve([]) };
