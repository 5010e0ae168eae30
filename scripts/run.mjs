// What npm scripts start with, so that they work from a fresh clone: `node scripts/run.mjs [--build] COMMAND [ARG…]`
// installs what is missing, builds when asked, and runs the command on the pinned Node.
import { build, install, replaceWith, root } from './toolchain.mjs';

const wantsBuild = process.argv[2] === '--build';
const [command, ...args] = process.argv.slice(wantsBuild ? 3 : 2);
if (command === undefined) {
  console.error('usage: node scripts/run.mjs [--build] COMMAND [ARG…]');
  process.exit(2);
}
install();
if (wantsBuild) build();
replaceWith(command, args, root);
