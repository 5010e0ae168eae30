import { COST_MODELS, type CostModel } from './claimed-result.js';
import { JsonPart } from './json-shape.js';

/** What a certificate says (docs: ADR 17); nothing of it is believed. */
export interface ClaimedCertificate {
  readonly costModel: CostModel;
  readonly lowerBound: number;
  readonly assignments: number;
  readonly sha256: string;
  readonly evidence: ClaimedValues | ClaimedIndependence;
}

export interface ClaimedValues {
  readonly kind: 'edge-values';
  readonly scale: number;
  readonly values: readonly ClaimedValue[];
}

export interface ClaimedValue {
  readonly user: string;
  readonly entitlement: string;
  readonly value: number;
}

export interface ClaimedIndependence {
  readonly kind: 'independent-edges';
  readonly edges: readonly (readonly [user: string, entitlement: string])[];
}

/** @throws UnusableInputError naming the part that is missing or of another kind */
export function readCertificate(file: string, text: string): ClaimedCertificate {
  const certificate = JsonPart.parse(file, text);
  certificate.member('format').oneOf(['role-mining-certificate-1']);
  const data = certificate.member('data');
  return {
    costModel: certificate.member('cost_model').oneOf(COST_MODELS),
    lowerBound: certificate.member('lower_bound').count(),
    assignments: data.member('assignments').count(),
    sha256: data.member('sha256').text(),
    evidence: readEvidence(certificate),
  };
}

function readEvidence(certificate: JsonPart): ClaimedValues | ClaimedIndependence {
  const kind = certificate.member('kind').oneOf(['edge-values', 'independent-edges']);
  const edges = certificate.member('edges').items();
  if (kind === 'independent-edges') {
    const pairs = edges.map((edge): [string, string] => {
      const [user, entitlement] = edge.tuple(2);
      return [user.text(), entitlement.text()];
    });
    return { kind, edges: pairs };
  }
  const values = edges.map((edge) => {
    const [user, entitlement, value] = edge.tuple(3);
    return { user: user.text(), entitlement: entitlement.text(), value: value.count() };
  });
  return { kind, scale: certificate.member('scale').count(), values };
}
