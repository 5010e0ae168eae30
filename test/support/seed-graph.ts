/** Parts of an access graph as CSV texts with a header. */
export interface GraphFiles {
  readonly assignments?: string;
  readonly users?: string;
  readonly entitlements?: string;
  readonly roles?: string;
}

/** Replaces the tenant's access graph through the import route, whatever goes, and waits until it is done. */
export async function importGraph(service: { readonly url: string }, token: string, files: GraphFiles): Promise<void> {
  const form = new FormData();
  for (const [part, text] of Object.entries(files)) {
    form.append(part, new Blob([text as string], { type: 'text/csv' }), `${part}.csv`);
  }
  const response = await fetch(`${service.url}/governance/access-graph/imports?wait=60&max_removed_percent=100`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}` },
    body: form,
  });
  if (response.status !== 201) throw new Error(`Import answered ${response.status}: ${await response.text()}`);
}

/** Assignments as CSV: every user of a group holds every entitlement of the group. */
export function assignmentsCsv(
  groups: readonly { users: readonly string[]; entitlements: readonly string[] }[],
): string {
  const rows = groups.flatMap(({ users, entitlements }) =>
    users.flatMap((user) => entitlements.map((entitlement) => `${user},${entitlement}`)),
  );
  return ['user,entitlement', ...rows, ''].join('\n');
}

/** `prefix1` to `prefixN`. */
export function names(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);
}
