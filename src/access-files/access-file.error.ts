import type { RowFault } from './access-file.js';

/** A file, or the first faulty row of one, that cannot be read; the message names file and line. */
export class AccessFileError extends Error implements RowFault {
  override readonly name = 'AccessFileError';

  /** @param problem one sentence without file and line */
  constructor(
    readonly file: string,
    readonly line: number,
    readonly problem: string,
    options?: ErrorOptions,
  ) {
    super(`${file}, line ${line}: ${problem}`, options);
  }

  toFault(): RowFault {
    return { file: this.file, line: this.line, message: this.problem };
  }
}
