import { Command, CommanderError } from 'commander';
import { registerGenerate } from './cli/generate.command.js';
import { registerImport } from './cli/import.command.js';
import { registerMigrate } from './cli/migrate.command.js';
import { registerMine } from './cli/mine.command.js';
import { registerToken } from './cli/token.command.js';
import { registerVerify } from './cli/verify.command.js';
import { MiningCancelledError } from './mining-threads/mining-threads.js';
import { UnusableInputError } from './verification/index.js';

const REGISTRATIONS = [registerMine, registerVerify, registerGenerate, registerMigrate, registerImport, registerToken];

/** Wrong usage, as shells have it, and input that cannot be used at all. */
const USAGE_EXIT_CODE = 2;
const FAILURE_EXIT_CODE = 1;
/** 128 + SIGINT. */
const INTERRUPTED_EXIT_CODE = 130;

const program = new Command('role-mining')
  .description('Finds the roles that an organisation should have, from who holds which access')
  .exitOverride();
for (const register of REGISTRATIONS) register(program);
for (const command of program.commands) command.copyInheritedSettings(program);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has said what is wrong, or has shown the help that was asked for.
    process.exitCode = error.exitCode === 0 ? 0 : USAGE_EXIT_CODE;
  } else {
    console.error(`role-mining: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = exitCodeOf(error);
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof MiningCancelledError) return INTERRUPTED_EXIT_CODE;
  return error instanceof UnusableInputError ? USAGE_EXIT_CODE : FAILURE_EXIT_CODE;
}
