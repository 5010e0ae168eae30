// Compiles the engine's kernels from AssemblyScript to build/engine-kernels.wasm, unless that is newer than all sources.
// Outside dist/, so that the same relative path leads to it from src/ and from dist/.
import asc from 'assemblyscript/asc';
import { mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = 'src/engine/kernels/assembly';
const output = 'build/engine-kernels.wasm';
// 64 KiB each. The engine falls back to plain TypeScript where a search needs more.
const maximumPages = 1400;

process.chdir(root);
const sourceTimes = [...readdirSync(sources).map((name) => `${sources}/${name}`), fileURLToPath(import.meta.url)].map(
  (path) => statSync(path).mtimeMs,
);
if ((statSync(output, { throwIfNoEntry: false })?.mtimeMs ?? 0) < Math.max(...sourceTimes)) {
  mkdirSync('build', { recursive: true });
  // Written beside it and renamed: another process never reads half a module.
  const partial = `build/engine-kernels.${process.pid}.wasm`;
  const { error, stderr } = await asc.main([
    `${sources}/closed-set-kernel.ts`,
    ...['--outFile', partial, '--runtime', 'stub', '--maximumMemory', String(maximumPages)],
    ...['--optimizeLevel', '3', '--shrinkLevel', '0', '--noAssert'],
  ]);
  if (error) {
    console.error(stderr.toString());
    process.exit(1);
  }
  renameSync(partial, output);
}
