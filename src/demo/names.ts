import type { Page } from '../common/paging/page.dto.js';
import type { Api } from './api.js';

/** The look-up calls take so many ids at once. */
const IDS_PER_CALL = 100;

interface Named {
  readonly id: string;
  readonly external_id: string | null;
  readonly name?: string;
}

/** Names in place of ids, by the look-up routes. An id that is not known (any more) stays as it is. */
export async function lookUpNames(
  api: Api,
  kind: 'users' | 'entitlements' | 'roles',
  ids: Iterable<string>,
): Promise<(id: string) => string> {
  const names = new Map<string, string>();
  const distinct = [...new Set(ids)];
  for (let at = 0; at < distinct.length; at += IDS_PER_CALL) {
    const some = distinct.slice(at, at + IDS_PER_CALL);
    const { items } = await api.get<Page<Named>>(
      `/governance/access-graph/${kind}?limit=${IDS_PER_CALL}&ids=${some.join(',')}`,
    );
    for (const { id, name, external_id } of items) names.set(id, name ?? external_id ?? id);
  }
  return (id) => names.get(id) ?? id;
}
