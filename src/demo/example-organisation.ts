import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { generateOrganisation } from '../synthetic-organisation/generate-organisation.js';
import { writeOrganisation } from '../synthetic-organisation/write-organisation.js';
import type { Api } from './api.js';
import { DemoError } from './demo.error.js';
import { Progress } from './progress.js';

const ORGANISATION = { users: 2000, entitlements: 400, seed: 7, noise: { fraction: 0.02, spread: 'uniform' } } as const;
const IMPORTS = '/governance/access-graph/imports';
const PARTS = ['assignments', 'users', 'entitlements', 'roles'];
const POLL_MS = 200;

interface Import {
  readonly id: string;
  readonly status: 'running' | 'completed' | 'failed';
  readonly progress_percent: number;
  readonly error_message: string | null;
}

/** Generates the example organisation and loads it through the import route, in place of what the tenant had before. */
export async function importExampleOrganisation(api: Api, signal: AbortSignal): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'role-mining-demo-'));
  try {
    const paths = await writeOrganisation(generateOrganisation(ORGANISATION), directory, new Date());
    const form = new FormData();
    for (const part of PARTS) {
      const path = paths.find((file) => basename(file) === `${part}.csv`);
      if (path === undefined) throw new Error(`the generator wrote no ${part}.csv`);
      // Read whole (it is small): an early refusal would leave a stream reading a file that is gone.
      form.append(part, new Blob([await readFile(path)], { type: 'text/csv' }), basename(path));
    }
    using progress = new Progress('Importing the organisation');
    progress.show(0);
    // Another version of the generator makes other people: the guard against removing too much has to let that through.
    let running = await api.postForm<Import>(`${IMPORTS}?mode=replace&max_removed_percent=100`, form);
    while (running.status === 'running') {
      progress.show(running.progress_percent);
      await delay(POLL_MS, undefined, { signal });
      running = await api.get<Import>(`${IMPORTS}/${running.id}`);
    }
    if (running.status === 'failed')
      throw new DemoError(`The import failed: ${running.error_message ?? 'without a reason'}`);
    progress.show(100);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
