import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type ApiDocument, breakingChanges } from '../../scripts/openapi/breaking-changes.js';
import { DOCUMENT_FILE, generatedFiles, RELEASED_FILE } from '../../scripts/openapi/files.js';
import { previewService } from '../../scripts/openapi/service-document.js';

const ROOT = `${import.meta.dirname}/../..`;
const documentIn = async (file: string): Promise<ApiDocument> =>
  JSON.parse(await readFile(file, 'utf8')) as ApiDocument;

describe('the committed OpenAPI document', () => {
  it("is the service's, and the client's types are made of it", async () => {
    const { document } = await previewService();
    const outdated: string[] = [];
    for (const [file, text] of await generatedFiles(document)) {
      const committed = await readFile(file, 'utf8').catch(() => null);
      if (committed !== text)
        outdated.push(`${relative(ROOT, file)} is out of date: run "npm run openapi" and commit it`);
    }
    expect(outdated).toEqual([]);
  });

  it('breaks no client of the last release', async () => {
    // A change that has to break them goes with a new major version, released by "npm run openapi -- --release".
    expect(breakingChanges(await documentIn(RELEASED_FILE), await documentIn(DOCUMENT_FILE))).toEqual([]);
  });
});
