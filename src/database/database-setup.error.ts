/** The database cannot be used as it is. The message says what is wrong and, where there is one, the command that mends it. */
export class DatabaseSetupError extends Error {
  override readonly name = 'DatabaseSetupError';
}
