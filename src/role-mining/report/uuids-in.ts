const UUID_LENGTH = 36;

/** The UUIDs that a text consists of. */
export function uuidsIn(text: string): string[] {
  return Array.from({ length: text.length / UUID_LENGTH }, (_, index) =>
    text.slice(index * UUID_LENGTH, (index + 1) * UUID_LENGTH),
  );
}
