import { randomBytes } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../common/error-code.js';

/** The files that configuration may touch: the ones that X_FILE names, and the generated development secret. */
export interface SecretFiles {
  read(path: string): string;
  /** The development secret kept in the folder, made on first use. */
  developmentSecret(dataDirectory: string): string;
}

const DEVELOPMENT_SECRET_FILE = 'development-jwt-secret';

export const secretFilesOnDisk: SecretFiles = {
  read: (path) => readFileSync(path, 'utf8'),

  developmentSecret(dataDirectory) {
    const path = join(dataDirectory, DEVELOPMENT_SECRET_FILE);
    try {
      return readFileSync(path, 'utf8').trim();
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
    }
    mkdirSync(dataDirectory, { recursive: true });
    // Written aside and then linked: of two processes that start together one wins, and neither reads half a secret.
    const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
    writeFileSync(draft, randomBytes(48).toString('base64url'), { mode: 0o600 });
    chmodSync(draft, 0o600);
    try {
      linkSync(draft, path);
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    } finally {
      rmSync(draft);
    }
    return readFileSync(path, 'utf8').trim();
  },
};
