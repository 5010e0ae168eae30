/** Numbers the strings of a file from 0, in the order in which they come. */
export class StringIds {
  readonly strings: string[] = [];
  private readonly numbers = new Map<string, number>();

  /** The number of the string; the next one when it is new. */
  of(text: string): number {
    let number = this.numbers.get(text);
    if (number === undefined) {
      number = this.strings.push(text) - 1;
      this.numbers.set(text, number);
    }
    return number;
  }
}
