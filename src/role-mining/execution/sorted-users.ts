import { packUuids } from '../../database/binary-columns.js';
import type { UuidSelection } from '../../database/insert-columns.js';

/** Turns lists of the snapshot's users into lists of their UUIDs, ascending, without making a text of any. */
export class SortedUsers {
  /** The UUIDs in ascending order, and the place of each user among them. */
  private readonly table: Uint8Array;
  private readonly placeOf: Int32Array;

  /** @param ids distinct, in lower case: their order as texts is that of their bytes */
  constructor(ids: readonly string[]) {
    const sorted = Array.from(ids.keys()).sort((a, b) => (ids[a] < ids[b] ? -1 : 1));
    this.placeOf = new Int32Array(ids.length);
    sorted.forEach((user, place) => (this.placeOf[user] = place));
    this.table = packUuids(sorted.map((user) => ids[user]));
  }

  select(users: Int32Array): UuidSelection {
    const places = new Int32Array(users.length);
    for (let i = 0; i < users.length; i++) places[i] = this.placeOf[users[i]];
    return { table: this.table, places: places.sort() };
  }
}
