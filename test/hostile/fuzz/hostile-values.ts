import fc from 'fast-check';
import type { Chance } from './chance.js';

/** What people see as one character; `grapheme` of fast-check means the same, and takes seconds to set up. */
export const CHARACTERS = fc.constantFrom(
  ...'abc XYZ 09-_.,;|"\'ßéø名前ї',
  'e\u0301',
  '\u1e9b\u0323',
  '👩‍🚀',
  '🇪🇺',
  '𝒳',
  'ﷺ',
  '\u200f',
);

const DEEP = (depth: number): unknown => {
  let value: unknown = 1;
  for (let i = 0; i < depth; i += 1) value = i % 2 === 0 ? [value] : { deeper: value };
  return value;
};

/** JSON values that programs have stumbled over. */
const VALUES: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  -0,
  1e308,
  5e-324,
  2 ** 31,
  2 ** 53,
  -(2 ** 63),
  '',
  ' ',
  '\n\t',
  '0',
  'null',
  '[object Object]',
  '9'.repeat(400),
  '\u0000',
  'a\u0000b',
  '\u001b[31m',
  '\ud800',
  '\udfff half a pair',
  '\u202eright to left',
  '\ufeffmark',
  'e\u0301'.repeat(200),
  '👩‍👩‍👧‍👦'.repeat(60),
  '𝒳'.repeat(255),
  '𝒳'.repeat(256),
  'x'.repeat(255),
  'x'.repeat(256),
  'x'.repeat(2000),
  'x'.repeat(2001),
  'x'.repeat(100_000),
  ' '.repeat(100_000),
  `${'a'.repeat(50_000)}!`,
  "'; DROP TABLE role_mining_job; --",
  "' OR '1'='1",
  '%_\\%',
  '${7*7}{{7*7}}',
  '../../../../etc/passwd',
  '<script>alert(1)</script>',
  '=cmd|calc!A1',
  'urn:uuid:00000000-0000-0000-0000-000000000000',
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  '{00000000-0000-0000-0000-000000000000}',
  '2026-02-30T00:00:00Z',
  '+275760-09-13T00:00:00.001Z',
  [],
  [null],
  [[]],
  ['x'],
  {},
  { length: 5 },
  { toString: 'x', valueOf: 1, toJSON: null },
  DEEP(20),
  DEEP(28),
  Array.from({ length: 5000 }, (_, at) => at),
];

export function hostileValue(chance: Chance): unknown {
  if (chance.happens(0.6)) return chance.pick(VALUES);
  return chance.sample(
    fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.string({ unit: 'binary' }), fc.string({ unit: CHARACTERS })),
  );
}

/** Texts for query parameters and headers that are texts anyway. */
export function hostileText(chance: Chance): string {
  const value = hostileValue(chance);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  // Above that it is Node that refuses the request, which is tested apart.
  return text.slice(0, chance.happens(0.05) ? 3000 : 300);
}

/** Changes one place of a document: replaces, removes, adds or wraps. */
export function mutate(chance: Chance, document: unknown): unknown {
  const copy = structuredClone(document);
  const places = placesOf(copy);
  if (places.length === 0) return hostileValue(chance);
  const { owner, key } = chance.pick(places);
  switch (chance.integer(0, 9)) {
    case 0:
      if (Array.isArray(owner)) owner.splice(Number(key), 1);
      else delete owner[key];
      break;
    case 1:
      owner[key] = [owner[key]];
      break;
    case 2:
      owner[key] = String(owner[key]);
      break;
    case 3:
      Object.defineProperty(
        owner,
        chance.pick(['__proto__', 'constructor', 'extra', '', 'id', 'tenant_id', 'status']),
        {
          value: hostileValue(chance),
          enumerable: true,
          configurable: true,
          writable: true,
        },
      );
      break;
    case 4:
      if (Array.isArray(owner)) owner.push(...(owner as unknown[]));
      else owner[key] = hostileValue(chance);
      break;
    default:
      owner[key] = hostileValue(chance);
  }
  return copy;
}

interface Place {
  readonly owner: Record<string, unknown>;
  readonly key: string;
}

function placesOf(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const owner = value as Record<string, unknown>;
  return Object.keys(owner).flatMap((key) => [{ owner, key }, ...placesOf(owner[key])]);
}

/** A body as bytes that are no JSON object, or one that can be read in two ways. */
export function hostileBytes(chance: Chance, json: string): Uint8Array<ArrayBuffer> {
  const bytes = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(text));
  switch (chance.integer(0, 8)) {
    case 0:
      return bytes(json.slice(0, chance.integer(0, json.length)));
    case 1:
      return bytes(`${'['.repeat(chance.integer(30, 50_000))}`);
    case 2:
      return bytes(`${'{"a":'.repeat(40)}1${'}'.repeat(40)}`);
    case 3:
      return bytes(json.replace(/^\{/, '{"name":5,"action":[],'));
    case 4:
      return bytes(`${json}${json}`);
    case 5:
      return Uint8Array.from([...Buffer.from(json), 0xff, 0xfe]);
    case 6:
      return bytes(JSON.stringify({ name: 'x'.repeat(1_100_000) }));
    case 7:
      return bytes(
        chance.pick(['null', '[]', '"text"', '5', 'NaN', '{"name":1e999}', '\ufeff{}', '{"__proto__":{"x":1}}']),
      );
    default:
      return Uint8Array.from(chance.sample(fc.uint8Array({ maxLength: 200 })));
  }
}
