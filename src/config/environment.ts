import { customCleanEnv, EnvMissingError, type CleanedEnv, type ValidatorSpec } from 'envalid';
import { ConfigurationError } from './configuration.error.js';
import type { SecretFiles } from './secret-files.js';

/** Variables whose values are never printed, and which `NAME_FILE` may name a file for. */
export const SECRETS = ['DATABASE_URL', 'DATABASE_OWNER_URL', 'DATABASE_CA', 'JWT_SECRET', 'JWT_PUBLIC_KEY'] as const;

/**
 * Reads and checks the variables of `specs`. A variable that is set to nothing counts as unset: compose files and
 * Kubernetes manifests write `NAME=` for that.
 *
 * @throws ConfigurationError for the first variable that is wrong, in the order of `specs`
 */
export function readEnvironment<S extends Record<string, ValidatorSpec<unknown>>>(
  env: NodeJS.ProcessEnv,
  specs: S,
  files: SecretFiles,
): Readonly<CleanedEnv<S>> {
  const present = Object.fromEntries(Object.keys(specs).map((name) => [name, valueOf(name, env, files)]));
  return customCleanEnv<S, CleanedEnv<S>>(present, specs, (cleaned) => cleaned, {
    reporter: ({ errors }) => {
      const [first] = Object.entries(errors) as [string, Error][];
      if (first === undefined) return;
      const [name, error] = first;
      const read = error instanceof EnvMissingError ? 'not set' : `read ${shown(name, present[name])}`;
      throw new ConfigurationError(name, `${read}, expected ${error.message}`);
    },
  });
}

function valueOf(name: string, env: NodeJS.ProcessEnv, files: SecretFiles): string | undefined {
  const value = env[name] || undefined;
  if (!isSecret(name)) return value;
  const fileVariable = `${name}_FILE`;
  const path = env[fileVariable];
  if (!path) return value;
  if (value !== undefined)
    throw new ConfigurationError(name, `${fileVariable} is set as well, expected one of the two`);
  let content: string;
  try {
    content = files.read(path).trimEnd();
  } catch (error) {
    throw new ConfigurationError(
      fileVariable,
      `read ${JSON.stringify(path)}, expected a readable file (${(error as Error).message})`,
    );
  }
  if (content === '') throw new ConfigurationError(fileVariable, `${JSON.stringify(path)} is empty, expected ${name}`);
  return content;
}

function isSecret(name: string): boolean {
  return (SECRETS as readonly string[]).includes(name);
}

function shown(name: string, value: string | undefined): string {
  return isSecret(name) ? 'a value that is not shown' : JSON.stringify(value);
}
