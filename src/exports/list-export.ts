import type { AuditAction } from '../audit/audit-actions.js';
import type { ListSource } from '../common/paging/list-source.js';
import type { CsvTable } from './csv.js';
import type { ExportQuery } from './export.query.js';

export type ExportAction = Extract<AuditAction, `${string}.export`>;

/** A list that can be exported: what it is called, where it is read, how it looks as CSV. NDJSON has the items themselves. */
export interface ListExport<Item extends object> {
  /** As in file names and in the trail, such as `candidates`. */
  readonly list: string;
  /** What the trail says was done, and to which object; null when there is none. */
  readonly action: ExportAction;
  readonly objectId: string | null;
  /** What the list is filtered by, for the trail. */
  readonly query: ExportQuery;
  readonly source: ListSource<Item>;
  readonly csv: CsvTable<Item>;
}
