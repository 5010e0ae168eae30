import { TenantTransaction } from '../../database/tenant-transaction.js';
import { AccessImport } from './import.entity.js';

/** Where the phases of an import end, in percent: about their share of the time of two million rows. */
const PERCENT_AT = { staged: 50, resolved: 65 } as const;
const WRITE_EVERY_MS = 500;

interface Watched {
  readonly fractionRead?: () => number;
  readonly onProgress?: (percent: number) => void;
}

/** Writes the progress of an import, at most twice a second and never backwards, over a connection of its own. */
export class ImportProgress {
  private shown = 0;
  private writtenAt = performance.now();
  private writing = Promise.resolve();

  constructor(
    private readonly transaction: TenantTransaction,
    private readonly tenantId: string,
    private readonly id: string,
    private readonly watched: Watched,
  ) {}

  batchRead(): void {
    const fraction = this.watched.fractionRead?.() ?? 0;
    this.show(Math.floor(Math.min(fraction, 1) * PERCENT_AT.staged));
  }

  async reach(phase: keyof typeof PERCENT_AT): Promise<void> {
    this.show(PERCENT_AT[phase]);
    await this.writing;
  }

  /** The stored import has been completed by its own transaction. */
  end(): void {
    this.watched.onProgress?.(100);
  }

  private show(percent: number): void {
    if (percent <= this.shown) return;
    this.shown = percent;
    this.watched.onProgress?.(percent);
    const now = performance.now();
    if (now - this.writtenAt < WRITE_EVERY_MS) return;
    this.writtenAt = now;
    this.writing = this.writing.then(() => this.write(percent));
  }

  /** That progress cannot be shown is no reason for an import to fail. */
  private async write(percent: number): Promise<void> {
    await this.transaction
      .runApart(this.tenantId, (manager) =>
        manager.update(
          AccessImport,
          { tenantId: this.tenantId, id: this.id, status: 'running' },
          { progressPercent: percent, updatedAt: () => 'now()' },
        ),
      )
      .catch(() => undefined);
  }
}
