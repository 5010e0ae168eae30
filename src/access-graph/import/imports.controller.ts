import { Controller, Get, Inject, Post, Query, Req, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiConsumes, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Audited } from '../../audit/audited.decorator.js';
import { type Actor, CurrentActor } from '../../auth/actor.js';
import { AdminOnly } from '../../auth/admin-only.decorator.js';
import { ApiProblem } from '../../common/errors/problem-responses.decorator.js';
import { idempotencyKeyOf, KeepsOwnIdempotencyKey } from '../../common/http/idempotency-key.js';
import { type Page, PageDto, pageOf } from '../../common/paging/page.dto.js';
import { PageQuery } from '../../common/paging/page.query.js';
import { UuidParam } from '../../common/validation/uuid.js';
import { Config } from '../../config/config.js';
import { AccessGraphService, type StartedImport } from './access-graph.service.js';
import { AccessImportDto } from './dto/import.dto.js';
import { StartImportQuery } from './dto/start-import.query.js';
import { IMPORTS_PATH } from './http/import-bodies.js';
import { receiveFiles } from './http/receive-files.js';
import { UploadedFiles } from './http/uploaded-files.js';
import type { AccessImport } from './import.entity.js';
import { RepeatedImportError } from './import-keys.js';
import { refusalOf } from './import-records.js';
import { importToDto } from './import.mapper.js';
import { partsOfFiles } from './parts-of-files.js';

const FILE = { type: 'string', format: 'binary' } as const;

@AdminOnly()
@ApiTags('Access graph: import')
@Controller(IMPORTS_PATH)
export class ImportsController {
  constructor(
    private readonly graph: AccessGraphService,
    @Inject(Config) private readonly config: Pick<Config, 'imports' | 'http'>,
  ) {}

  /**
   * Imports who holds what, and which roles exist: any of the files `assignments`, `users`, `entitlements` and `roles` as
   * multipart, or a single one as the body. CSV or NDJSON, gzip or not. All or nothing; the same files again change nothing.
   * An Idempotency-Key that an import has been started with gives that import again, as it is by then; with other files or
   * options it is refused. `wait` may differ. An import that failed in the service, not for its files, leaves the key free.
   */
  @Post()
  @Audited('import.start')
  @KeepsOwnIdempotencyKey()
  @ApiConsumes('multipart/form-data', 'text/csv', 'application/x-ndjson')
  @ApiBody({
    schema: { type: 'object', properties: { assignments: FILE, users: FILE, entitlements: FILE, roles: FILE } },
  })
  @ApiCreatedResponse({ type: AccessImportDto, description: 'The import has completed.' })
  @ApiAcceptedResponse({
    type: AccessImportDto,
    description: 'The import is running; Location says where to look for its end.',
    headers: { Location: { schema: { type: 'string' }, description: 'The import.' } },
  })
  @ApiProblem(409, 'Another import of the tenant is running, or a replace would remove more than it may.')
  @ApiProblem(413, 'The files are larger than this service takes.')
  @ApiProblem(415, 'The body is neither multipart nor CSV nor NDJSON.')
  async start(
    @CurrentActor() actor: Actor,
    @Query() query: StartImportQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AccessImportDto> {
    const key = idempotencyKeyOf(request);
    const uploaded = await UploadedFiles.create(this.config.imports.maxBytes);
    let started: StartedImport;
    try {
      await receiveFiles(request, query.part, uploaded);
      const options = { mode: query.mode, dryRun: query.dry_run, maxRemovedPercent: query.max_removed_percent };
      started = await this.graph.startImport({
        tenantId: actor.tenantId,
        userId: actor.userId,
        parts: partsOfFiles(uploaded.files),
        options,
        key: key === null ? null : { key, fingerprint: JSON.stringify([options, uploaded.fingerprint()]) },
        fractionRead: () => uploaded.fractionRead(),
      });
    } catch (error) {
      await uploaded[Symbol.asyncDispose]();
      if (error instanceof RepeatedImportError) return this.repeat(actor, error.importId, query, reply);
      throw error;
    }
    const remove = (): Promise<void> => uploaded[Symbol.asyncDispose]();
    void started.completion.then(remove, remove);
    const isDone = await endsWithin(query.wait * 1000, started.completion);
    return this.answer(reply, isDone, await this.graph.getImport(actor.tenantId, started.id));
  }

  /** Answers as the first call did, or would have if it had waited as long. */
  private async repeat(
    actor: Actor,
    id: string,
    { wait }: StartImportQuery,
    reply: FastifyReply,
  ): Promise<AccessImportDto> {
    const found = await this.graph.waitForImport(actor.tenantId, id, wait * 1000);
    void reply.header('Idempotency-Replayed', 'true');
    const refusal = wait > 0 ? refusalOf(found) : null;
    if (refusal !== null) throw refusal;
    return this.answer(reply, wait > 0 && found.status === 'completed', found);
  }

  private answer(reply: FastifyReply, isDone: boolean, found: AccessImport): AccessImportDto {
    void reply
      .status(isDone ? 201 : 202)
      .header('Location', `${this.config.http.publicBasePath}/${IMPORTS_PATH}/${found.id}`);
    return importToDto(found);
  }

  /** Lists the tenant's imports, newest first. */
  @Get()
  @ApiOkResponse({ type: PageDto(AccessImportDto) })
  async list(@CurrentActor() actor: Actor, @Query() query: PageQuery): Promise<Page<AccessImportDto>> {
    const { items, total } = await this.graph.listImports(actor.tenantId, query);
    return pageOf(items.map(importToDto), total, query);
  }

  /** Reads one import: its progress and, at the end, its counts or what is wrong. */
  @Get(':import_id')
  @ApiProblem(404, 'There is no such import in the tenant.')
  async get(@CurrentActor() actor: Actor, @UuidParam('import_id') importId: string): Promise<AccessImportDto> {
    return importToDto(await this.graph.getImport(actor.tenantId, importId));
  }
}

/** Whether the work is done within that time. @throws what the work throws within it */
async function endsWithin(milliseconds: number, work: Promise<unknown>): Promise<boolean> {
  if (milliseconds === 0) return false;
  let timer: NodeJS.Timeout | undefined;
  const timeOut = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  try {
    return await Promise.race([work.then(() => true), timeOut]);
  } finally {
    clearTimeout(timer);
  }
}
