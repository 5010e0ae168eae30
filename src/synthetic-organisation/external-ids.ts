/** External ids as they stand in the files, numbered from 1 and wide enough to sort as text. */
export const userId = (user: number): string => `u${String(user + 1).padStart(6, '0')}`;
export const entitlementId = (entitlement: number): string => `e${String(entitlement + 1).padStart(5, '0')}`;
export const plantedRoleId = (role: number): string => `p${String(role + 1).padStart(5, '0')}`;
export const existingRoleId = (role: number): string => `r${String(role + 1).padStart(5, '0')}`;
