import { SingleBar } from 'cli-progress';

const LABEL_WIDTH = 26;
const PLAIN_STEP_PERCENT = 25;

/** How far a piece of work is: a bar on a terminal, a line now and then elsewhere. */
export class Progress implements Disposable {
  private readonly bar: SingleBar | null = null;
  private nextPlainPercent = 0;

  constructor(private readonly label: string) {
    if (!process.stdout.isTTY) return;
    this.bar = new SingleBar({
      format: `${label.padEnd(LABEL_WIDTH)} {bar} {percentage}% · {duration_formatted}`,
      stream: process.stdout,
      hideCursor: true,
      barCompleteChar: '█',
      barIncompleteChar: '░',
    });
    this.bar.start(100, 0);
  }

  /** @param percent 0 to 100 */
  show(percent: number): void {
    this.bar?.update(percent);
    if (this.bar !== null || percent < this.nextPlainPercent) return;
    console.log(`${this.label}: ${percent}%`);
    this.nextPlainPercent = Math.floor(percent / PLAIN_STEP_PERCENT + 1) * PLAIN_STEP_PERCENT;
  }

  [Symbol.dispose](): void {
    this.bar?.stop();
  }
}
