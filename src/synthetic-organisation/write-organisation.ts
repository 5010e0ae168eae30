import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { IntegerLists } from '../engine/index.js';
import { entitlementId, existingRoleId, plantedRoleId, userId } from './external-ids.js';
import type { SyntheticOrganisation } from './generate-organisation.js';
import { listAt } from './integer-list-builder.js';
import { usageUnknown } from './usage.js';

const chunkCharacters = 1 << 16;
const dayMilliseconds = 86_400_000;

/**
 * Writes the organisation in the import formats (docs: operating interface, input files) and its truth beside it, as a
 * stream: the memory used does not grow with the number of assignments. Existing files are replaced.
 *
 * @param usageUntil the day on which "last used today" falls; the same day gives the same bytes
 * @returns the paths written
 */
export async function writeOrganisation(
  organisation: SyntheticOrganisation,
  directory: string,
  usageUntil: Date,
): Promise<string[]> {
  await mkdir(directory, { recursive: true });
  const files: [string, Iterable<string>][] = [
    ['assignments.csv', assignmentLines(organisation, usageUntil)],
    ['users.csv', userLines(organisation)],
    ['entitlements.csv', entitlementLines(organisation)],
    ['roles.csv', roleLines(organisation.existingRoles, existingRoleId)],
    ['planted-roles.csv', roleLines(organisation.plantedRoles, plantedRoleId)],
    ['planted-noise.csv', noiseLines(organisation)],
  ];
  const paths: string[] = [];
  for (const [name, lines] of files) {
    const path = join(directory, name);
    await pipeline(Readable.from(inChunks(lines)), createWriteStream(path));
    paths.push(path);
  }
  return paths;
}

function* assignmentLines({ rows, daysUnused, userCount }: SyntheticOrganisation, usageUntil: Date): Generator<string> {
  yield 'user,entitlement,last_used_at\n';
  const today = Math.floor(usageUntil.getTime() / dayMilliseconds);
  const timestamps = new Map<number, string>([[usageUnknown, '']]);
  const timestampOf = (days: number): string => {
    let text = timestamps.get(days);
    if (text === undefined) {
      text = new Date((today - days) * dayMilliseconds).toISOString();
      timestamps.set(days, text);
    }
    return text;
  };
  for (let user = 0; user < userCount; user++) {
    const id = userId(user);
    for (let at = rows.offsets[user]; at < rows.offsets[user + 1]; at++) {
      yield `${id},${entitlementId(rows.values[at])},${timestampOf(daysUnused[at])}\n`;
    }
  }
}

function* userLines({ attributes, userCount }: SyntheticOrganisation): Generator<string> {
  yield `user,${attributes.map(({ name }) => name).join(',')}\n`;
  for (let user = 0; user < userCount; user++) {
    const cells = attributes.map(({ values, valuesOfUser }) =>
      cell(Array.from(listAt(valuesOfUser, user), (value) => values[value]).join('|')),
    );
    yield `${userId(user)},${cells.join(',')}\n`;
  }
}

function* entitlementLines({ entitlements }: SyntheticOrganisation): Generator<string> {
  yield 'entitlement,name,application\n';
  for (const [index, { name, application }] of entitlements.entries()) {
    yield `${entitlementId(index)},${cell(name)},${cell(application)}\n`;
  }
}

interface WritableRoles {
  readonly names: readonly string[];
  readonly entitlements: IntegerLists;
  readonly members: IntegerLists;
}

function* roleLines(roles: WritableRoles, idOf: (role: number) => string): Generator<string> {
  yield 'role,name,entitlement,user\n';
  for (const [role, name] of roles.names.entries()) {
    const start = `${idOf(role)},${cell(name)},`;
    for (const entitlement of listAt(roles.entitlements, role)) yield `${start}${entitlementId(entitlement)},\n`;
    for (const user of listAt(roles.members, role)) yield `${start},${userId(user)}\n`;
  }
}

function* noiseLines({ added, deleted }: SyntheticOrganisation): Generator<string> {
  yield 'user,entitlement,change\n';
  for (const [change, { users, entitlements }] of Object.entries({ added, deleted })) {
    for (let pair = 0; pair < users.length; pair++) {
      yield `${userId(users[pair])},${entitlementId(entitlements[pair])},${change}\n`;
    }
  }
}

/** One write per line would cost more than making the line. */
function* inChunks(lines: Iterable<string>): Generator<string> {
  let chunk = '';
  for (const line of lines) {
    chunk += line;
    if (chunk.length >= chunkCharacters) {
      yield chunk;
      chunk = '';
    }
  }
  if (chunk !== '') yield chunk;
}

function cell(text: string): string {
  return /[",;\t\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
