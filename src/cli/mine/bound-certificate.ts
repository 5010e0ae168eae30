import { createHash } from 'node:crypto';
import type { BoundCertificate, MiningResult } from '../../engine/index.js';
import type { FileOrganisation } from './read-organisation.js';

/** Edges a piece: a certificate may be longer than a string. */
const EDGES_PER_PIECE = 10_000;
/** Values are whole numbers of millionths. */
const SCALE = 1_000_000;

/** The certificate of the lower bound (docs: ADR 17), piece by piece, with the ids of the file. */
export function* boundCertificate(
  { organisation: { matrix }, userIds, entitlementIds }: FileOrganisation,
  { metrics }: MiningResult['roleSet'],
  certificate: BoundCertificate,
): Generator<string> {
  const hasValues = certificate.kind === 'edge-values';
  const isWeaker = metrics.lowerBound !== null && metrics.lowerBound > certificate.lowerBound;
  const head = {
    format: 'role-mining-certificate-1',
    kind: certificate.kind,
    cost_model: metrics.costModel,
    lower_bound: certificate.lowerBound,
    note: isWeaker
      ? `the result's lower bound ${metrics.lowerBound} comes from branch and bound, which leaves no evidence: this proves only ${certificate.lowerBound}`
      : null,
    data: { assignments: matrix.assignmentCount, sha256: accessHash(matrix, userIds, entitlementIds) },
    ...(hasValues && { scale: SCALE }),
  };
  yield `${JSON.stringify(head).slice(0, -1)},\n"edges": [`;
  const { users, entitlements } = certificate;
  for (let from = 0; from < users.length; from += EDGES_PER_PIECE) {
    const edges = Array.from(users.subarray(from, from + EDGES_PER_PIECE), (user, index) => {
      const edge = [userIds[user], entitlementIds[entitlements[from + index]]];
      return JSON.stringify(hasValues ? [...edge, certificate.values[from + index]] : edge);
    });
    yield `${from === 0 ? '\n' : ',\n'}${edges.join(',\n')}`;
  }
  yield '\n]}\n';
}

/**
 * SHA-256 of who holds what: of every pair the user, a NUL, the entitlement and a NUL, in UTF-8, ordered by user and then by
 * entitlement, both by UTF-16 code units.
 */
function accessHash(
  { rowOffsets, rowColumns }: FileOrganisation['organisation']['matrix'],
  userIds: readonly string[],
  entitlementIds: readonly string[],
): string {
  const hash = createHash('sha256');
  for (const user of [...userIds.keys()].sort((a, b) => (userIds[a] < userIds[b] ? -1 : 1))) {
    const row = rowColumns.subarray(rowOffsets[user], rowOffsets[user + 1]);
    for (const id of Array.from(row, (entitlement) => entitlementIds[entitlement]).sort()) {
      hash.update(`${userIds[user]}\0${id}\0`);
    }
  }
  return hash.digest('hex');
}
