/** What a guide says is not so. */
export class WrongStatementError extends Error {
  override readonly name = 'WrongStatementError';
}

/** Stands for whatever there is. */
const ANYTHING = '…';
/** On a line of its own at the end it stands for no further line as well. */
const REST = '\n…';
const MARK = /\n…$|…|\{\{\w+\}\}/g;

/**
 * What the reader of a guide knows by name. `{{name}}` stands for the value; where an answer has a name that nobody has
 * given yet, it gets the value that is found there, and stands for that one from then on.
 */
export class Names {
  private readonly values = new Map<string, string>();

  set(name: string, value: string): void {
    this.values.set(name, value);
  }

  /** @throws WrongStatementError for a name that was never given */
  fill(text: string): string {
    return text.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
      const value = this.values.get(name);
      if (value === undefined) throw new WrongStatementError(`{{${name}}} has not been given before`);
      return value;
    });
  }

  /**
   * Checks a text against what is stated of it.
   *
   * @param where for the message
   * @throws WrongStatementError
   */
  checkText(stated: string, actual: string, where: string): void {
    const given: string[] = [];
    let pattern = '';
    let end = 0;
    for (const { 0: mark, index } of stated.matchAll(MARK)) {
      pattern += escaped(stated.slice(end, index)) + this.patternOf(mark, given);
      end = index + mark.length;
    }
    const found = new RegExp(`^${pattern}${escaped(stated.slice(end))}$`).exec(actual);
    if (found === null) throw new WrongStatementError(`${where} is\n${actual}\nand not\n${stated}`);
    for (const name of given) this.values.set(name, found.groups?.[name] ?? '');
  }

  private patternOf(mark: string, given: string[]): string {
    if (mark === REST) return String.raw`(?:\n[^]*)?`;
    if (mark === ANYTHING) return '[^]*?';
    const name = mark.slice(2, -2);
    const value = this.values.get(name);
    if (value !== undefined) return escaped(value);
    if (given.includes(name)) return `\\k<${name}>`;
    given.push(name);
    return `(?<${name}>[^\\s"]+)`;
  }

  /**
   * Checks a JSON document against what is stated of it: `…` stands for any value, and at the end of an object or an array
   * for everything else that is there.
   *
   * @throws WrongStatementError
   */
  checkJson(stated: string, actual: unknown): void {
    this.checkValue(parseStated(stated), actual, 'The answer');
  }

  private checkValue(stated: unknown, actual: unknown, where: string): void {
    if (stated === ANYTHING && actual !== undefined) return;
    if (typeof stated === 'string' && typeof actual === 'string') return this.checkText(stated, actual, where);
    if (Array.isArray(stated) && Array.isArray(actual)) return this.checkArray(stated, actual, where);
    if (isObject(stated) && isObject(actual)) return this.checkObject(stated, actual, where);
    if (stated !== actual) {
      throw new WrongStatementError(`${where} is ${JSON.stringify(actual)} and not ${JSON.stringify(stated)}`);
    }
  }

  private checkArray(stated: unknown[], actual: unknown[], where: string): void {
    const isOpen = stated.at(-1) === ANYTHING;
    const items = isOpen ? stated.slice(0, -1) : stated;
    if (isOpen ? actual.length < items.length : actual.length !== items.length) {
      throw new WrongStatementError(
        `${where} has ${actual.length} items and not ${items.length}: ${JSON.stringify(actual)}`,
      );
    }
    for (const [index, item] of items.entries()) this.checkValue(item, actual[index], `${where}[${index}]`);
  }

  private checkObject(stated: Record<string, unknown>, actual: Record<string, unknown>, where: string): void {
    const { [ANYTHING]: rest, ...fields } = stated;
    const unstated = Object.keys(actual).filter((name) => !(name in fields));
    if (rest === undefined && unstated.length > 0) {
      throw new WrongStatementError(`${where} has ${unstated.join(', ')} as well`);
    }
    for (const [name, value] of Object.entries(fields)) this.checkValue(value, actual[name], `${where}.${name}`);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** JSON in which … stands without quotes as a value, and before a closing bracket. */
function parseStated(text: string): unknown {
  const json = text.replaceAll(/"(?:[^"\\]|\\.)*"|…(?=\s*(?<bracket>[\]}])?)/g, (found: string, ...rest) => {
    if (found !== ANYTHING) return found;
    const [bracket, offset] = rest as [string | undefined, number];
    const isValue = bracket !== '}' || text.slice(0, offset).trimEnd().endsWith(':');
    return isValue ? `"${ANYTHING}"` : `"${ANYTHING}":"${ANYTHING}"`;
  });
  return JSON.parse(json);
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}
