// Bundles the script and the style sheet of the report to build/report.js and build/report.css, unless those are newer than
// all sources. Outside dist/, so that the same relative path leads to them from src/ and from dist/.
import { build } from 'esbuild';
import { readdirSync, renameSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const sources = [
  fileURLToPath(import.meta.url),
  ...readdirSync('src/report', { recursive: true }).map((name) => `src/report/${name}`),
];
const outputs = ['report.js', 'report.css'];
const timeOf = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
if (Math.min(...outputs.map((name) => timeOf(`build/${name}`))) < Math.max(...sources.map(timeOf))) {
  // Written beside them and renamed: another process never reads half a file.
  const partial = `build/partial-${process.pid}-`;
  await build({
    entryPoints: {
      [`${partial}report`]: 'src/report/browser/report.ts',
      [`${partial}style`]: 'src/report/browser/report.css',
    },
    outdir: '.',
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'warning',
  });
  renameSync(`${partial}report.js`, 'build/report.js');
  renameSync(`${partial}style.css`, 'build/report.css');
}
