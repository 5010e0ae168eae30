/** Unicode characters; leaves room for a number within the 255 that a name may have. */
const MOST_CHARACTERS = 200;

/** Text from the organisation as part of a name: one line, no control characters, well-formed, not empty, not too long. */
export function asName(text: string): string {
  const clean = text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  const characters = [...clean];
  if (characters.length > MOST_CHARACTERS)
    return `${characters
      .slice(0, MOST_CHARACTERS - 1)
      .join('')
      .trimEnd()}…`;
  return clean === '' ? 'Role' : clean;
}

/** Equal for names that people take for the same. */
export function sameNameKey(name: string): string {
  return name.trim().normalize('NFC').toLowerCase();
}
