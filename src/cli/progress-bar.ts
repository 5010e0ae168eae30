import { SingleBar } from 'cli-progress';

/** A progress bar on the error output; nothing at all when that is no terminal. */
export class ProgressBar implements Disposable {
  private readonly bar: SingleBar | null;

  constructor() {
    this.bar = process.stderr.isTTY
      ? new SingleBar({
          stream: process.stderr,
          format: '{step} [{bar}] {percentage}%',
          hideCursor: true,
          clearOnComplete: true,
        })
      : null;
    this.bar?.start(1, 0, { step: '' });
  }

  /** @param fraction of the step, 0 to 1 */
  update(step: string, fraction: number): void {
    this.bar?.update(fraction, { step: step.padEnd(16) });
  }

  [Symbol.dispose](): void {
    this.bar?.stop();
  }
}
