/**
 * An independent checker of results and of lower bounds (docs: ADR 17). It takes nothing from the engine, not even the
 * reading of files: a mistake there cannot hide itself here. Plain rather than quick, in exact arithmetic.
 */
import { checkIndependence } from './check-independence.js';
import { boundedValue, checkMetrics, checkSizes } from './check-metrics.js';
import { checkRoles } from './check-roles.js';
import { checkValues } from './check-values.js';
import { readCertificate, type ClaimedCertificate } from './claimed-certificate.js';
import { readResult, type ClaimedResult } from './claimed-result.js';
import { textOf, type InputFile } from './file-text.js';
import { hashOf, readHeldAccess, type HeldAccess } from './held-access.js';
import { grouped } from './messages.js';
import { RefusedError, UnusableInputError } from './verification.error.js';

export interface VerificationInput {
  /** Who holds what, in any of the forms that `mine` reads. */
  readonly data: InputFile;
  /** What `mine --json` wrote. */
  readonly result: InputFile;
  /** What `mine --certificate` wrote; null to take the lower bound on trust. */
  readonly certificate: InputFile | null;
  /** Users who may hold nothing, when the result was mined with such a file. */
  readonly users: InputFile | null;
}

/**
 * @returns what is proven, a sentence a line
 * @throws RefusedError for the first claim that is not true; UnusableInputError for what cannot be checked
 */
export function verify({ data, result, certificate, users }: VerificationInput): string[] {
  const access = readHeldAccess(data, users);
  const claimed = readResult(result.name, textOf(result));
  checkSizes(access, claimed, users !== null);
  const explained = checkRoles(access, claimed);
  checkMetrics(access, claimed, explained);
  const proven = [exactness(claimed), ...inheritance(claimed), counts(claimed), thresholds(claimed)];
  if (certificate === null) return [...proven, unprovenBound(claimed)];
  const claimedCertificate = readCertificate(certificate.name, textOf(certificate));
  return [...proven, ...checkCertificate(access, claimed, claimedCertificate)];
}

function checkCertificate(access: HeldAccess, result: ClaimedResult, certificate: ClaimedCertificate): string[] {
  const { costModel, lowerBound, assignments, sha256, evidence } = certificate;
  if (assignments !== access.assignmentCount) {
    throw new RefusedError(
      `the certificate is for ${assignments} assignments, the data have ${access.assignmentCount}`,
    );
  }
  if (sha256 !== hashOf(access)) throw new RefusedError('the certificate is for other data: their hash is another');
  if (costModel !== result.metrics.costModel) {
    throw new RefusedError(
      `the certificate bounds the cost model ${costModel}, the result counts by ${result.metrics.costModel}: bounds do not carry over`,
    );
  }
  if (costModel === 'hierarchy') {
    throw new UnusableInputError('there is no certificate for the complexity of a hierarchy');
  }
  if ((costModel === 'roles') !== (evidence.kind === 'independent-edges')) {
    throw new RefusedError(`a certificate of the kind ${evidence.kind} says nothing about the cost model ${costModel}`);
  }
  if (costModel === 'roles' && !result.parameters.complete) {
    throw new RefusedError(
      'the certificate counts roles that give everything, but the result leaves assignments direct',
    );
  }
  const { proven, how } =
    evidence.kind === 'edge-values'
      ? provenByValues(access, evidence, costModel)
      : { proven: BigInt(checkIndependence(access, evidence)), how: 'assignments of which no two fit into one role' };
  if (BigInt(lowerBound) > proven) {
    throw new RefusedError(`the certificate says that nothing is below ${lowerBound}, but proves only ${proven}`);
  }
  const what = costModel === 'roles' ? 'fewer roles than' : 'a complexity below';
  const sentence = `Proven: no role set that gives everything has ${what} ${grouped(lowerBound)} (${how}).`;
  return [sentence, conclusion(result, lowerBound)];
}

function provenByValues(
  access: HeldAccess,
  evidence: Extract<ClaimedCertificate['evidence'], { kind: 'edge-values' }>,
  costModel: ClaimedCertificate['costModel'],
): { proven: bigint; how: string } {
  const { lowerBound, maximalRoles, values } = checkValues(access, evidence, costModel === 'with_direct');
  const model = costModel === 'flat' ? 'roles alone' : 'roles and direct assignments';
  const how = `${model}; ${grouped(values)} values hold in all parts of ${grouped(maximalRoles)} maximal roles`;
  return { proven: lowerBound, how };
}

function conclusion(result: ClaimedResult, provenBound: number): string {
  const value = boundedValue(result);
  const claimed = result.metrics.lowerBound;
  if (provenBound === value) return `Proven: the result, with ${grouped(value)}, is optimal.`;
  const gap = provenBound === 0 ? '' : ` (${percentUp(((value - provenBound) / provenBound) * 100)}%)`;
  const within = `Proven: the result, with ${grouped(value)}, lies at most ${grouped(value - provenBound)}${gap} above the optimum.`;
  if (claimed === null || claimed <= provenBound) return within;
  const why = 'by a search through all cases that leaves no evidence';
  return `${within} Not proven: the bound ${grouped(claimed)} of the result, found ${why}.`;
}

function exactness({ assignments, direct, roles }: ClaimedResult): string {
  const rest = direct.length === 0 ? '' : ` and ${grouped(direct.length)} direct assignments`;
  return `Proven: ${grouped(roles.length)} roles${rest} give all of ${grouped(assignments)} assignments, and nothing else.`;
}

function inheritance({ parameters, metrics }: ClaimedResult): string[] {
  if (!parameters.hierarchy) return [];
  const edges = grouped(metrics.roleHierarchyEdges);
  return [`Proven: ${edges} inheritances, none in a circle, and what every role has is what it grants and inherits.`];
}

function counts({ metrics }: ClaimedResult): string {
  return `Proven: all counts, the coverage and the complexity of ${grouped(metrics.wsc)}.`;
}

function thresholds({ parameters }: ClaimedResult): string {
  const { complete, minUsers, minEntitlements, confidence } = parameters;
  if (complete) return 'Proven: the confidence of every role.';
  return `Proven: every role has ${minUsers} members and ${minEntitlements} entitlements at least, and the confidence that it says, ${confidence} at least.`;
}

function unprovenBound({ metrics }: ClaimedResult): string {
  if (metrics.lowerBound === null) return 'There is no lower bound to prove.';
  return `Not proven: the lower bound ${grouped(metrics.lowerBound)}, for want of a certificate.`;
}

/** Rounded up: it is said to be the most. */
function percentUp(percent: number): string {
  return (Math.ceil(percent * 100) / 100).toFixed(2);
}
