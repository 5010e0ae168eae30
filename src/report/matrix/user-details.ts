import { type IntegerLists, listAt } from './arrange-matrix.js';

interface UserAttribute {
  readonly values: readonly string[];
  readonly valuesOfUser: IntegerLists;
}

/** Attributes that a user is described by. */
const MOST_ATTRIBUTES = 3;

/** Describes users by attributes that they share with others, such as department and title; not by a manager or a number. */
export function userDetails(attributes: readonly UserAttribute[], userCount: number): (user: number) => string {
  const shared = attributes.filter(({ values }) => values.length * 2 <= userCount).slice(0, MOST_ATTRIBUTES);
  return (user) =>
    shared
      .flatMap(({ values, valuesOfUser }) => Array.from(listAt(valuesOfUser, user), (value) => values[value]))
      .join(' · ');
}
