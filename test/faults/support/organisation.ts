import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateOrganisation } from '../../../src/synthetic-organisation/generate-organisation.js';
import { writeOrganisation } from '../../../src/synthetic-organisation/write-organisation.js';
import type { GraphFiles } from '../../support/seed-graph.js';
import { newTenant, type Tenant } from './stage.js';

/** Without noise the search ends sooner than by its budget of steps, and still takes long enough to be hit. */
const NO_NOISE = { fraction: 0, spread: 'uniform' } as const;

/** An organisation that takes some seconds to mine, long enough to be hit there, as files of an import. */
export async function generatedGraph(seed: number): Promise<GraphFiles> {
  const directory = await mkdtemp(join(tmpdir(), 'role-mining-organisation-'));
  try {
    const organisation = generateOrganisation({ users: 800, entitlements: 120, seed, noise: NO_NOISE });
    await writeOrganisation(organisation, directory, new Date('2026-01-01'));
    const read = (part: string): Promise<string> => readFile(join(directory, `${part}.csv`), 'utf8');
    const [assignments, usersFile, entitlements, roles] = await Promise.all(
      ['assignments', 'users', 'entitlements', 'roles'].map(read),
    );
    return { assignments, users: usersFile, entitlements, roles };
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** A new tenant with that organisation. */
export async function newOrganisation(api: { readonly url: string }, files: GraphFiles): Promise<Tenant> {
  const tenant = newTenant();
  await importGraph(api, tenant, files);
  return tenant;
}

/** Replaces the tenant's graph over HTTP, and waits until it is done. */
export async function importGraph(api: { readonly url: string }, tenant: Tenant, files: GraphFiles): Promise<void> {
  const form = new FormData();
  for (const [part, text] of Object.entries(files)) {
    form.append(part, new Blob([text as string], { type: 'text/csv' }), `${part}.csv`);
  }
  const response = await fetch(`${api.url}/governance/access-graph/imports?wait=60&max_removed_percent=100`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${tenant.token}` },
    body: form,
  });
  if (response.status !== 201) throw new Error(`Import answered ${response.status}: ${await response.text()}`);
}
