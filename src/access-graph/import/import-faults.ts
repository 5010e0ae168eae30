import { DomainError } from '../../common/errors/domain.error.js';

/** A row, or a whole file, that cannot be imported. */
export interface ImportFault {
  readonly file: string;
  /** From 1; null when it is the file as a whole. */
  readonly line: number | null;
  readonly message: string;
}

const KEPT_FAULTS = 100;

/** Everything that is wrong with the files: the first hundred, and how many in all. A listener hears of each. */
export class ImportFaults {
  readonly first: ImportFault[] = [];
  total = 0;

  constructor(private readonly onFault?: (fault: ImportFault) => void) {}

  /** How many of a kind are worth finding; null for all of them. */
  get wanted(): number | null {
    return this.onFault === undefined ? KEPT_FAULTS : null;
  }

  add(file: string, line: number | null, message: string): void {
    const fault = { file, line, message };
    if (this.first.length < KEPT_FAULTS) this.first.push(fault);
    this.total++;
    this.onFault?.(fault);
  }

  /** Faults that were counted and not listed. */
  addUnlisted(count: number): void {
    this.total += count;
  }

  /** @throws ImportRejectedError when there are any */
  throwIfAny(): void {
    if (this.total > 0) throw new ImportRejectedError(this.first, this.total);
  }
}

/** The files are wrong, and nothing was imported. */
export class ImportRejectedError extends DomainError {
  constructor(
    readonly faults: readonly ImportFault[],
    readonly total: number,
  ) {
    const [{ file, line, message }] = faults;
    const where = line === null ? file : `${file}, line ${line}`;
    const others = total === 1 ? '' : ` (and ${total - 1} more)`;
    super('invalid', `Nothing was imported. ${where}: ${message}${others}`, { errors: faults, error_count: total });
  }
}
