import { ACCESS_FILE_PARTS, type AccessFilePart } from '../../../access-files/access-file.js';
import { BooleanQuery, EnumQuery, IntegerQuery, NumberQuery } from '../../../common/validation/query-parameters.js';
import { DEFAULT_IMPORT_OPTIONS, IMPORT_MODES, type ImportMode } from '../import-parts.js';

export class StartImportQuery {
  /**
   * `replace`: each part that is sent becomes the tenant's whole imported part, and what is missing from it is removed.
   * `merge`: adds and updates only.
   */
  @EnumQuery('ImportMode', IMPORT_MODES)
  mode: ImportMode = DEFAULT_IMPORT_OPTIONS.mode;

  /** What the body is, when it is a single file. */
  @EnumQuery('ImportPart', ACCESS_FILE_PARTS)
  part?: AccessFilePart;

  /** Says what would change, and changes nothing. */
  @BooleanQuery({ default: DEFAULT_IMPORT_OPTIONS.dryRun })
  dry_run = DEFAULT_IMPORT_OPTIONS.dryRun;

  /** A replace that would remove more than this share of a part, in percent, is refused. */
  @NumberQuery({ minimum: 0, maximum: 100, default: DEFAULT_IMPORT_OPTIONS.maxRemovedPercent })
  max_removed_percent = DEFAULT_IMPORT_OPTIONS.maxRemovedPercent;

  /** Seconds to wait for the end: the answer is 201 when it is reached by then, 202 otherwise. */
  @IntegerQuery({ minimum: 0, maximum: 60, default: 0 })
  wait = 0;
}
