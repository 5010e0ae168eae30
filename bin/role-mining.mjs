#!/usr/bin/env node
// The command line, runnable from a clone: installs and builds what is missing and runs on the pinned Node. In the
// image, where both are done, there are no sources and nothing to check.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build, install, replaceWith, root } from '../scripts/toolchain.mjs';

if (existsSync(join(root, 'src'))) {
  install();
  build();
}
replaceWith('node', [join(root, 'dist', 'cli.js'), ...process.argv.slice(2)]);
