const SHOWN = 3;

export function quoted(id: string): string {
  return JSON.stringify(id);
}

export function pairText(user: string, entitlement: string): string {
  return `${quoted(user)} → ${quoted(entitlement)}`;
}

/** Their number and the first of them. */
export function listed(kind: string, ids: readonly string[]): string {
  const shown = ids.slice(0, SHOWN).map(quoted).join(', ');
  return `${ids.length} ${kind} (${ids.length > SHOWN ? `${shown}, …` : shown})`;
}

export function grouped(value: number | bigint): string {
  return value.toLocaleString('en');
}

/** The first that comes a second time. */
export function repeated(ids: readonly string[]): string | null {
  const seen = new Set<string>();
  return ids.find((id) => seen.size === seen.add(id).size) ?? null;
}
