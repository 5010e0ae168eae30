import { existsSync, readFileSync } from 'node:fs';
import { accessMatrixFromLists, accessMatrixFromRows, type AccessMatrix } from '../src/engine/matrix/access-matrix.js';
import { generateOrganisation } from '../src/synthetic-organisation/generate-organisation.js';

const DATASETS = new URL('../../shared/datasets/', import.meta.url);

/** Names of the real data sets, none where the folder is absent. */
export function datasetNames(): string[] {
  return existsSync(DATASETS) ? ['hc', 'domino', 'emea', 'apj', 'fire1', 'americas_small'] : [];
}

/** Lines of `user permission`, both numbered from 1. */
export function readDataset(name: string): AccessMatrix {
  const rows: number[][] = [];
  let entitlementCount = 0;
  const text = readFileSync(new URL(`${name}.txt`, DATASETS), 'utf8');
  for (const line of text.trim().split('\n')) {
    const [user, entitlement] = line.split(' ').map(Number);
    (rows[user - 1] ??= []).push(entitlement - 1);
    entitlementCount = Math.max(entitlementCount, entitlement);
  }
  return accessMatrixFromLists(
    Array.from(rows, (row) => row ?? []),
    entitlementCount,
  );
}

/** Effective access of a generated organisation, always the same for the same size. */
export function generatedMatrix(users: number, entitlements: number): AccessMatrix {
  const { rows } = generateOrganisation({ users, entitlements, seed: 1 });
  return accessMatrixFromRows(users, entitlements, rows.offsets, rows.values);
}
