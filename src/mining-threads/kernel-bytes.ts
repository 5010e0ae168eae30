import { readFileSync } from 'node:fs';

/** Built by `npm run build:kernels`; the same relative path from src/ and from dist/. */
const KERNELS = new URL('../../build/engine-kernels.wasm', import.meta.url);

/**
 * The engine's WebAssembly module.
 *
 * @throws Error when it has not been built
 */
export function readKernelBytes(): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(readFileSync(KERNELS));
  } catch (cause) {
    throw new Error(`cannot read ${KERNELS.pathname}: run \`npm run build:kernels\``, { cause });
  }
}
