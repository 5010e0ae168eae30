import type { PoolClient } from 'pg';
import type { DataSource, QueryRunner } from 'typeorm';

/** A signal may be aborted between two statements of the transaction: then the next one is to be cancelled. */
const REPEAT_MS = 1_000;

/**
 * Cancels the statement at hand of a transaction, and those after it, once the signal is aborted. Dispose of it before the
 * connection is used for anything else, its rollback included: a cancellation under way would strike that.
 */
export class StatementCancellation implements AsyncDisposable {
  private readonly cancellations: Promise<void>[] = [];
  private repetition: NodeJS.Timeout | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly runner: QueryRunner,
    private readonly signal: AbortSignal | undefined,
  ) {
    signal?.addEventListener('abort', this.start, { once: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.signal?.removeEventListener('abort', this.start);
    clearInterval(this.repetition);
    await Promise.all(this.cancellations);
  }

  private readonly start = (): void => {
    const cancel = (): void => void this.cancellations.push(this.cancel());
    this.repetition = setInterval(cancel, REPEAT_MS);
    cancel();
  };

  /** What cannot be cancelled (the connection is lost, or none is free to say so) is waited for, as without a signal. */
  private async cancel(): Promise<void> {
    try {
      const { processID } = (await this.runner.connect()) as PoolClient & { processID: number };
      await this.dataSource.query('SELECT pg_cancel_backend($1)', [processID]);
    } catch {
      return;
    }
  }
}
