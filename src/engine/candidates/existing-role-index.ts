import type { ExistingRoles } from '../organisation.js';

/** How a candidate relates to the roles that the organisation has. */
export type ExistingRoleRelation =
  /** The first of those that are equal. */
  | { readonly kind: 'equal'; readonly role: number }
  /** The candidate only adds to `role` or narrows it. */
  | { readonly kind: 'variant'; readonly role: number }
  | { readonly kind: 'none' };

/**
 * Finds existing roles with the same, more or fewer entitlements than a candidate, by counting what they share over the
 * roles of each entitlement: O(roles that share something) a question.
 */
export class ExistingRoleIndex {
  private readonly sizes: Int32Array;
  private readonly rolesOffsets: Int32Array;
  private readonly rolesOfEntitlements: Int32Array;
  /** Scratch, zero between questions. */
  private readonly shared: Int32Array;

  constructor({ count, entitlements: { offsets, values } }: ExistingRoles, entitlementCount: number) {
    this.sizes = Int32Array.from({ length: count }, (_, role) => offsets[role + 1] - offsets[role]);
    this.shared = new Int32Array(count);
    this.rolesOffsets = new Int32Array(entitlementCount + 1);
    for (const entitlement of values) this.rolesOffsets[entitlement + 1]++;
    for (let e = 0; e < entitlementCount; e++) this.rolesOffsets[e + 1] += this.rolesOffsets[e];
    this.rolesOfEntitlements = new Int32Array(values.length);
    const next = this.rolesOffsets.slice(0, entitlementCount);
    for (let role = 0; role < count; role++) {
      for (let at = offsets[role]; at < offsets[role + 1]; at++) this.rolesOfEntitlements[next[values[at]]++] = role;
    }
  }

  /** Of several variants the one with the largest Jaccard index, the lower position on a tie. */
  relationOf(entitlements: Int32Array): ExistingRoleRelation {
    const touched: number[] = [];
    for (const entitlement of entitlements) {
      for (let at = this.rolesOffsets[entitlement]; at < this.rolesOffsets[entitlement + 1]; at++) {
        const role = this.rolesOfEntitlements[at];
        if (this.shared[role]++ === 0) touched.push(role);
      }
    }
    let equal = -1;
    let nearest = -1;
    let jaccard = 0;
    for (const role of touched.sort((a, b) => a - b)) {
      const smaller = Math.min(this.sizes[role], entitlements.length);
      const larger = Math.max(this.sizes[role], entitlements.length);
      if (this.shared[role] === smaller) {
        if (smaller === larger && equal < 0) equal = role;
        if (smaller / larger > jaccard) {
          jaccard = smaller / larger;
          nearest = role;
        }
      }
      this.shared[role] = 0;
    }
    if (equal >= 0) return { kind: 'equal', role: equal };
    return nearest < 0 ? { kind: 'none' } : { kind: 'variant', role: nearest };
  }
}
