/**
 * What users hold, directly or through roles, as a sub-select of `user_number, entitlement_number` without repetition; the
 * tenant is `$1`.
 *
 * @param users a sub-select of the user numbers that are asked for
 * @param entitlements one of entitlement numbers, when only these matter
 */
export function effectiveAccess(users: string, entitlements?: string): string {
  const only = entitlements === undefined ? '' : `AND held.entitlement_number IN (${entitlements})`;
  return `(SELECT held.user_number, held.entitlement_number FROM access_assignment held
    WHERE held.tenant_id = $1 AND held.user_number IN (${users}) ${only}
    UNION
    SELECT member.user_number, held.entitlement_number FROM access_role_member member
    JOIN access_role_entitlement held ON held.tenant_id = $1 AND held.role_id = member.role_id
    WHERE member.tenant_id = $1 AND member.user_number IN (${users}) ${only})`;
}
