import { join } from 'node:path';
import type { OpenAPIObject } from '@nestjs/swagger';
import openapiTS, { astToString, COMMENT_HEADER } from 'openapi-typescript';
import { format, resolveConfig } from 'prettier';

const ROOT = join(import.meta.dirname, '../..');

/** What the API is now. */
export const DOCUMENT_FILE = join(ROOT, 'docs/api/openapi.json');
/** What it was in the last release: what clients may rely on. */
export const RELEASED_FILE = join(ROOT, 'docs/api/released.json');
/** Its types, as the client has them. */
export const TYPES_FILE = join(ROOT, 'clients/typescript/src/api.ts');

/** The client throws refusals as problem documents, whatever the call: repeated for each, they were two thirds of the types. */
function withoutRefusals(document: OpenAPIObject): OpenAPIObject {
  const copy = structuredClone(document);
  for (const item of Object.values(copy.paths)) {
    for (const { responses } of [item.get, item.post, item.delete].filter((operation) => operation !== undefined)) {
      for (const status of Object.keys(responses)) if (!status.startsWith('2')) delete responses[status];
    }
  }
  return copy;
}

/** What is made of the service's document, by the path of the file that is committed. */
export async function generatedFiles(document: OpenAPIObject): Promise<ReadonlyMap<string, string>> {
  const types = await openapiTS(withoutRefusals(document) as never, { alphabetize: true, defaultNonNullable: false });
  const texts = [
    [DOCUMENT_FILE, JSON.stringify(document)],
    [TYPES_FILE, `${COMMENT_HEADER}\n${astToString(types)}`],
  ] as const;
  const formatted = texts.map(
    async ([file, text]) => [file, await format(text, { ...(await resolveConfig(file)), filepath: file })] as const,
  );
  return new Map(await Promise.all(formatted));
}
