/** A file of the access graph as it comes in (docs: operating interface, input files). */
export interface AccessFile {
  /** As the sender knows it: stands in every message about the file. */
  readonly name: string;
  /** Any `Readable` of bytes. It is read once, and destroyed when reading ends early. */
  readonly content: AsyncIterable<Uint8Array>;
  /** Whether it is gzip; decided by its first bytes when left out. */
  readonly compressed?: boolean;
}

export const ACCESS_FILE_PARTS = ['assignments', 'users', 'entitlements', 'roles'] as const;
export type AccessFilePart = (typeof ACCESS_FILE_PARTS)[number];

/** What is wrong with one row. */
export interface RowFault {
  readonly file: string;
  /** Line of the file, from 1. */
  readonly line: number;
  /** One sentence without file and line. */
  readonly message: string;
}

export interface ReadOptions {
  /** Told of every row that has a fault; the row is left out. Without it the first one is thrown. */
  onFault?: (fault: RowFault) => void;
}
