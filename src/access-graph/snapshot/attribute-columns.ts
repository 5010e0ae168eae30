import type { UserAttribute } from './access-snapshot.js';
import { GrowingIntegers, sortedLists } from './integer-lists.js';

/** What is known about a user: a value, or several, per attribute. */
export type UserAttributes = Readonly<Record<string, string | readonly string[]>>;

/** Turns the attributes of users, one user after the other, into one column per attribute. */
export class AttributeColumns {
  readonly #columns = new Map<string, Column>();
  #userCount = 0;

  addUser(attributes: UserAttributes): void {
    for (const name in attributes) {
      let column = this.#columns.get(name);
      if (column === undefined) this.#columns.set(name, (column = new Column()));
      column.add(this.#userCount, attributes[name]);
    }
    this.#userCount++;
  }

  /** Ascending by name; values in the order of their first user. */
  toAttributes(): UserAttribute[] {
    return [...this.#columns.entries()]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, column]) => column.toAttribute(name, this.#userCount));
  }
}

class Column {
  readonly #indexOfValue = new Map<string, number>();
  readonly #users = new GrowingIntegers();
  readonly #ends = new GrowingIntegers();
  readonly #values = new GrowingIntegers();

  add(user: number, value: string | readonly string[]): void {
    if (typeof value === 'string') this.#values.push(this.#indexOf(value));
    else for (const single of value) this.#values.push(this.#indexOf(single));
    this.#users.push(user);
    this.#ends.push(this.#values.length);
  }

  #indexOf(value: string): number {
    let index = this.#indexOfValue.get(value);
    if (index === undefined) this.#indexOfValue.set(value, (index = this.#indexOfValue.size));
    return index;
  }

  toAttribute(name: string, userCount: number): UserAttribute {
    const entryCount = this.#users.length;
    const users = this.#users.slice(0, entryCount);
    const ends = this.#ends.slice(0, entryCount);
    const entryOfUser = new Int32Array(userCount).fill(-1);
    for (let entry = 0; entry < entryCount; entry++) entryOfUser[users[entry]] = entry;
    const valuesOfUser = sortedLists(userCount, this.#indexOfValue.size, (user) => {
      const entry = entryOfUser[user];
      return entry < 0 ? NONE : this.#values.slice(entry === 0 ? 0 : ends[entry - 1], ends[entry]);
    });
    return { name, values: [...this.#indexOfValue.keys()], valuesOfUser };
  }
}

const NONE = new Int32Array(0);
