import { DomainError } from '../../common/errors/domain.error.js';
import { KEY_OF_ANOTHER_REQUEST } from '../../common/http/idempotency-key.js';

/** What a caller sends along so that a retry does not import twice. */
export interface ImportKey {
  readonly key: string;
  /** Of the options and of every byte of the files: the same key may not come with others. */
  readonly fingerprint: string;
}

/** The import has been started already, with the same key. */
export class RepeatedImportError extends DomainError {
  constructor(readonly importId: string) {
    super('conflict', `The Idempotency-Key was used for the import ${importId}`);
  }
}

export interface UsedKey {
  readonly id: string;
  readonly fingerprint: string;
}

type Query = (sql: string, values: readonly unknown[]) => Promise<readonly UsedKey[]>;

/** An import that failed for the service's own reasons leaves its key free, so that it can be tried again. */
const HOLDS_KEY = `(status <> 'failed' OR failure->>'errorCount' <> '0' OR jsonb_array_length(failure->'removals') > 0)`;

/**
 * @throws RepeatedImportError when an import of the last 24 hours has the key
 * @throws DomainError invalid when it was another import
 */
export async function refuseUsedKey(query: Query, tenantId: string, { key, fingerprint }: ImportKey): Promise<void> {
  const [earlier] = await query(
    `SELECT id, fingerprint FROM access_import
     WHERE tenant_id = $1 AND idempotency_key = $2 AND created_at > now() - interval '24 hours' AND ${HOLDS_KEY}
     ORDER BY created_at DESC LIMIT 1`,
    [tenantId, key],
  );
  if (earlier === undefined) return;
  if (earlier.fingerprint === fingerprint) throw new RepeatedImportError(earlier.id);
  const { message, errors } = KEY_OF_ANOTHER_REQUEST;
  throw new DomainError('invalid', message, { errors });
}

/** In the transaction that begins the import, under the session's lock: no other import can take the key meanwhile. */
export const KEEP_KEY =
  'UPDATE access_import SET idempotency_key = $3, fingerprint = $4 WHERE tenant_id = $1 AND id = $2';
