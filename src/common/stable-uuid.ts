import { createHash } from 'node:crypto';

/**
 * The same UUID for the same tenant and words, always: an external id that was removed and comes back gets its old UUID
 * without any record of it being kept, and a peer group has the same id in every job. A custom UUID (RFC 9562,
 * version 8) from SHA-256; parts are separated by a NUL, which none of them can contain.
 */
export function stableUuid(tenantId: string, kind: string, ...parts: readonly string[]): string {
  const digest = createHash('sha256')
    .update([tenantId.toLowerCase(), kind, ...parts].join('\0'))
    .digest()
    .subarray(0, 16);
  digest[6] = (digest[6] & 0x0f) | 0x80;
  digest[8] = (digest[8] & 0x3f) | 0x80;
  const hex = digest.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
