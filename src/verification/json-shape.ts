import { UnusableInputError } from './verification.error.js';

/** A part of a JSON document, which knows its place in it for messages. */
export class JsonPart {
  private constructor(
    private readonly place: string,
    private readonly value: unknown,
  ) {}

  static parse(file: string, text: string): JsonPart {
    try {
      return new JsonPart(file, JSON.parse(text) as unknown);
    } catch (error) {
      throw new UnusableInputError(`${file} is not JSON: ${(error as Error).message}`);
    }
  }

  member(name: string): JsonPart {
    const { value, place } = this;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) this.fail('an object');
    if (!Object.hasOwn(value, name)) throw new UnusableInputError(`${place} has no ${name}`);
    return new JsonPart(`${place}: ${name}`, (value as Record<string, unknown>)[name]);
  }

  /** As `member`, but null where there is none: results of earlier versions have no such part. */
  optional(name: string): JsonPart | null {
    const { value } = this;
    if (typeof value === 'object' && value !== null && !Object.hasOwn(value, name)) return null;
    return this.member(name);
  }

  items(): JsonPart[] {
    const { value, place } = this;
    if (!Array.isArray(value)) this.fail('a list');
    return value.map((item, index) => new JsonPart(`${place}[${index}]`, item));
  }

  /** The items of a list of this length. */
  tuple(length: number): JsonPart[] {
    const items = this.items();
    return items.length === length ? items : this.fail(`a list of ${length}`);
  }

  text(): string {
    return typeof this.value === 'string' ? this.value : this.fail('a text');
  }

  oneOf<Option extends string>(options: readonly Option[]): Option {
    return options.find((option) => option === this.value) ?? this.fail(options.join(' or '));
  }

  truth(): boolean {
    return typeof this.value === 'boolean' ? this.value : this.fail('true or false');
  }

  number(): number {
    return typeof this.value === 'number' ? this.value : this.fail('a number');
  }

  /** A whole number of at least 0 that a double holds exactly. */
  count(): number {
    const { value } = this;
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
      this.fail('a whole number of at least 0');
    return value;
  }

  orNull<Value>(read: (part: JsonPart) => Value): Value | null {
    return this.value === null ? null : read(this);
  }

  texts(): string[] {
    return this.items().map((item) => item.text());
  }

  private fail(expected: string): never {
    const found = JSON.stringify(this.value) ?? 'nothing';
    throw new UnusableInputError(
      `${this.place}: expected ${expected}, got ${found.length > 60 ? `${found.slice(0, 60)}…` : found}`,
    );
  }
}
