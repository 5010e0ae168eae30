import { ConflictError } from '../../common/errors/domain.error.js';
import type { SodViolationDto } from './dto/sod-violation.dto.js';

/** A rule that nobody may break, and would be broken or is. */
export interface SodViolation {
  readonly ruleId: string;
  readonly ruleName: string;
  /** Of both sides of the rule: what the users would hold together. Ascending. */
  readonly entitlementIds: readonly string[];
  /** Who would hold them; none for the violation that a set of entitlements is by itself. */
  readonly userCount: number;
  /** The first hundred, ascending. */
  readonly userIds: readonly string[];
}

/**
 * Lets a change that breaks rules through only with a reason, which its audit entry has to hold.
 *
 * @throws ConflictError with the list as `sod_violations`
 */
export function refuseViolations(violations: readonly SodViolation[], overrideReason: string | null | undefined): void {
  if (violations.length === 0 || overrideReason) return;
  const names = violations.slice(0, 5).map(({ ruleName }) => JSON.stringify(ruleName));
  const more = violations.length > names.length ? ` and ${violations.length - names.length} more` : '';
  throw new ConflictError(
    `Separation of duties: ${names.join(', ')}${more} would be violated; send override_reason to do it nevertheless`,
    { sod_violations: violations.map(violationToDto) },
  );
}

export function violationToDto(violation: SodViolation): SodViolationDto {
  return {
    rule_id: violation.ruleId,
    rule_name: violation.ruleName,
    entitlement_ids: [...violation.entitlementIds],
    user_count: violation.userCount,
    user_ids: [...violation.userIds],
  };
}
