// `npm run openapi`: writes the committed document and the client's types anew. With `--release`, what clients may rely on
// as well: a part of making a release, when breaking changes have got the version that they need.
import { copyFile, writeFile } from 'node:fs/promises';
import { DOCUMENT_FILE, generatedFiles, RELEASED_FILE } from './files.js';
import { previewService } from './service-document.js';

const { document } = await previewService();
for (const [file, text] of await generatedFiles(document)) await writeFile(file, text);
if (process.argv.includes('--release')) await copyFile(DOCUMENT_FILE, RELEASED_FILE);
