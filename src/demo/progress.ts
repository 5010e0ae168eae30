import { SingleBar } from 'cli-progress';

const LABEL_WIDTH = 26;
const PLAIN_STEP_PERCENT = 25;

/** How far a piece of work is: a bar on a terminal, a line now and then elsewhere. */
export class Progress implements Disposable {
  private readonly bar: SingleBar | null = null;
  private nextPlainPercent = 0;
  private note = '';

  constructor(private readonly label: string) {
    if (!process.stdout.isTTY) return;
    this.bar = new SingleBar({
      format: `${label.padEnd(LABEL_WIDTH)} {bar} {percentage}% · {duration_formatted}{note}`,
      stream: process.stdout,
      hideCursor: true,
      barCompleteChar: '█',
      barIncompleteChar: '░',
    });
    this.bar.start(100, 0, { note: '' });
  }

  /**
   * @param percent 0 to 100
   * @param note what there is to say beside; nothing leaves what was said before
   */
  show(percent: number, note = ''): void {
    if (note !== '') this.note = ` · ${note}`;
    this.bar?.update(percent, { note: this.note });
    if (this.bar !== null || percent < this.nextPlainPercent) return;
    console.log(`${this.label}: ${percent}%${this.note}`);
    this.nextPlainPercent = Math.floor(percent / PLAIN_STEP_PERCENT + 1) * PLAIN_STEP_PERCENT;
  }

  [Symbol.dispose](): void {
    this.bar?.stop();
  }
}
