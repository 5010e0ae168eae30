import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { type InputFile, UnusableInputError, verify } from '../verification/index.js';
import { fileProblem } from './local-file.js';

export function registerVerify(program: Command): void {
  program
    .command('verify')
    .description('check a result of mine, and the certificate of its lower bound, without the engine that made them')
    .argument('<data>', 'the file that was mined')
    .argument('<result>', 'what mine --json wrote')
    .argument('[certificate]', 'what mine --certificate wrote')
    .option('--users <file>', 'the file of users that it was mined with')
    .action(verifyFiles);
}

async function verifyFiles(
  data: string,
  result: string,
  certificate: string | undefined,
  { users }: { users?: string },
): Promise<void> {
  const proven = verify({
    data: await inputFile(data),
    result: await inputFile(result),
    certificate: certificate === undefined ? null : await inputFile(certificate),
    users: users === undefined ? null : await inputFile(users),
  });
  console.log(proven.join('\n'));
}

async function inputFile(name: string): Promise<InputFile> {
  try {
    return { name, bytes: await readFile(name) };
  } catch (error) {
    throw new UnusableInputError(`cannot read ${name}: ${fileProblem(error as NodeJS.ErrnoException)}`, {
      cause: error,
    });
  }
}
