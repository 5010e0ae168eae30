import { PassThrough } from 'node:stream';
import { Inject, Injectable, Logger, StreamableFile } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AuditObjectType } from '../audit/audit-actions.js';
import { AuditTrail } from '../audit/audit-trail.js';
import type { Actor } from '../auth/actor.js';
import { errorCode } from '../common/error-code.js';
import { currentRequestId } from '../common/http/request-context.js';
import { Config } from '../config/config.js';
import { TenantTransaction } from '../database/tenant-transaction.js';
import { CsvWriter } from './csv.js';
import { MEDIA_TYPES } from './export-format.js';
import { ExportPlaces } from './export-places.js';
import type { ExportQuery } from './export.query.js';
import type { ExportRequest } from './export-request.js';
import { GraphNames } from './graph-names.js';
import type { ListExport } from './list-export.js';
import { pour } from './pour.js';

type Caller = Pick<Actor, 'tenantId' | 'userId'>;

/**
 * Lists as files: read page by page from a cursor in one snapshot, as fast as the client takes them. Memory stays flat, and
 * a client that goes away, or stops reading, frees its connection.
 */
@Injectable()
export class Exports {
  private readonly logger = new Logger(Exports.name);

  constructor(
    private readonly transaction: TenantTransaction,
    private readonly trail: AuditTrail,
    private readonly places: ExportPlaces,
    @Inject(Config) private readonly config: Pick<Config, 'database'>,
  ) {}

  /**
   * Begins an export. What can be refused is refused here, before there is an answer; what fails after the first page
   * breaks the connection off, so that nobody takes a part for the whole. The trail has the export before its first row
   * leaves: hanging up does not hide it.
   *
   * @throws NotFoundError when there is nothing of which this could be the list
   * @throws DomainError `unavailable` when as many exports are running as may
   */
  async open<Item extends object>(
    caller: Caller,
    request: ExportRequest,
    list: ListExport<Item>,
  ): Promise<StreamableFile> {
    const leave = this.places.take();
    try {
      await this.record(caller, request, list);
    } catch (error) {
      leave();
      throw error;
    }
    const output = new PassThrough();
    // Until the answer is sent nobody else listens, and an error that nobody hears ends the process.
    output.on('error', () => undefined);
    const requestId = currentRequestId();
    const begun = Promise.withResolvers<void>();
    void this.stream(caller.tenantId, request, list, output, { onBegin: begun.resolve, onRead: leave })
      .catch((error: unknown) => {
        begun.reject(error);
        output.destroy(error as Error);
        if (errorCode(error) !== 'ERR_STREAM_PREMATURE_CLOSE')
          this.logger.error({ err: error, requestId, list: list.list }, 'An export broke off');
      })
      .finally(leave);
    await begun.promise;
    return new StreamableFile(output, {
      type: `${MEDIA_TYPES[request.format]}; charset=utf-8`,
      disposition: `attachment; filename="${fileName(list)}.${request.format}"`,
    });
  }

  private async record<Item extends object>(
    caller: Caller,
    { format, offset, limit }: ExportRequest,
    list: ListExport<Item>,
  ): Promise<void> {
    await this.transaction.run(caller.tenantId, async (manager) => {
      const rest = Math.max(0, (await list.source.count(manager)) - offset);
      await this.trail.record(manager, caller, {
        action: list.action,
        objectType: list.action.split('.', 1)[0] as AuditObjectType,
        objectId: list.objectId,
        after: {
          list: list.list,
          format,
          filter: filterOf(list.query),
          offset,
          limit,
          row_count: limit === null ? rest : Math.min(rest, limit),
        },
      });
    });
  }

  private stream<Item extends object>(
    tenantId: string,
    request: ExportRequest,
    list: ListExport<Item>,
    output: PassThrough,
    { onBegin, onRead }: { onBegin: () => void; onRead: () => void },
  ): Promise<void> {
    const { bulkStatementTimeoutMs, idleTransactionTimeoutMs } = this.config.database;
    // Half of it: at the whole, the server would end the transaction, and the connection with it.
    const patienceMs = idleTransactionTimeoutMs / 2;
    return this.transaction.readSnapshot(
      tenantId,
      async (manager) => {
        async function* texts(): AsyncGenerator<string> {
          try {
            for await (const text of textsOf(manager, tenantId, request, list)) {
              onBegin();
              yield text;
            }
            onBegin();
          } finally {
            // Before the answer ends or breaks off: a client that asks for the next list at once finds a place.
            onRead();
          }
        }
        await pour(texts(), output, patienceMs);
      },
      { statementTimeoutMs: bulkStatementTimeoutMs },
    );
  }
}

/** The trail shows what was asked for besides paging. */
function filterOf({ limit: _limit, offset: _offset, format: _format, ...filter }: ExportQuery): object {
  return filter;
}

function fileName({ list, objectId }: Pick<ListExport<object>, 'list' | 'objectId'>): string {
  return objectId === null ? list : `${list}-${objectId}`;
}

async function* textsOf<Item extends object>(
  manager: EntityManager,
  tenantId: string,
  { format, offset, limit }: ExportRequest,
  { csv, source }: ListExport<Item>,
): AsyncGenerator<string> {
  const items = source.pages(manager, { offset, limit });
  if (format === 'ndjson') {
    for await (const page of items) yield page.map((item) => `${JSON.stringify(item)}\n`).join('');
    return;
  }
  const writer = new CsvWriter(csv);
  let head = writer.head();
  for await (const page of items) {
    const references = page.map((item) => csv.references(item));
    const names = await GraphNames.read(manager, tenantId, references);
    yield head + writer.rows(page, names);
    head = '';
  }
  if (head !== '') yield head;
}
