import type { ClaimedRole } from './claimed-result.js';
import { quoted, repeated } from './messages.js';
import { RefusedError } from './verification.error.js';

/**
 * What every role has must be exactly what it grants itself and inherits, through its juniors and theirs, and nobody may
 * inherit from himself. A role without users must be a junior: otherwise it is there for nobody.
 *
 * @throws RefusedError for the first thing that is wrong
 */
export function checkHierarchy(roles: readonly ClaimedRole[]): void {
  const named = new Map<string | null, ClaimedRole>();
  for (const role of roles) {
    if (named.has(role.name)) throw new RefusedError(`two roles have the name ${label(role)}`);
    named.set(role.name, role);
  }
  const juniorsOf = new Map(
    roles.map((role) => {
      const twice = repeated(role.juniors);
      if (twice !== null) throw new RefusedError(`the role ${label(role)} inherits from ${quoted(twice)} twice`);
      const juniors = role.juniors.map((name) => {
        const junior = named.get(name);
        if (junior !== undefined) return junior;
        throw new RefusedError(`the role ${label(role)} inherits from ${quoted(name)}, which there is not`);
      });
      return [role, juniors];
    }),
  );
  checkWithoutCircle(roles, juniorsOf);
  const inherited = new Set([...juniorsOf.values()].flat());
  for (const role of roles) {
    checkContent(role, juniorsOf);
    if (role.users.length === 0 && !inherited.has(role)) {
      throw new RefusedError(`the role ${label(role)} is given to nobody, and nothing inherits from it`);
    }
  }
}

/** Takes away roles whose juniors are all gone: what stays goes in a circle, or inherits from one that does. */
function checkWithoutCircle(
  roles: readonly ClaimedRole[],
  juniorsOf: ReadonlyMap<ClaimedRole, readonly ClaimedRole[]>,
): void {
  const gone = new Set<ClaimedRole>();
  for (let before = -1; gone.size > before;) {
    before = gone.size;
    for (const role of roles) if (juniorsOf.get(role)?.every((junior) => gone.has(junior))) gone.add(role);
  }
  const stuck = roles.find((role) => !gone.has(role));
  if (stuck !== undefined) throw new RefusedError(`the juniors of the role ${label(stuck)} go in a circle`);
}

function checkContent(role: ClaimedRole, juniorsOf: ReadonlyMap<ClaimedRole, readonly ClaimedRole[]>): void {
  const twice = repeated(role.ownEntitlements);
  if (twice !== null) throw new RefusedError(`the role ${label(role)} grants ${quoted(twice)} itself twice`);
  const given = new Set(role.ownEntitlements);
  const seen = new Set<ClaimedRole>();
  const open = [...(juniorsOf.get(role) ?? [])];
  for (let junior = open.pop(); junior !== undefined; junior = open.pop()) {
    if (seen.has(junior)) continue;
    seen.add(junior);
    junior.ownEntitlements.forEach((entitlement) => given.add(entitlement));
    open.push(...(juniorsOf.get(junior) ?? []));
  }
  const said = new Set(role.entitlements);
  const missing = role.entitlements.find((entitlement) => !given.has(entitlement));
  if (missing !== undefined) {
    throw new RefusedError(`the role ${label(role)} neither grants ${quoted(missing)} itself nor inherits it`);
  }
  const unsaid = [...given].find((entitlement) => !said.has(entitlement));
  if (unsaid !== undefined) {
    throw new RefusedError(`the role ${label(role)} gives ${quoted(unsaid)} too, which is not among its entitlements`);
  }
}

function label({ name }: ClaimedRole): string {
  return quoted(name ?? '');
}
