/** Raised when the same input, options and seed may give another result than before. */
export const ENGINE_VERSION = '1';
