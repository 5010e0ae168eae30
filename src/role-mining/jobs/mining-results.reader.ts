import { Injectable, type Type } from '@nestjs/common';
import { Any, type FindOptionsOrder, type FindOptionsWhere } from 'typeorm';
import { NotFoundError } from '../../common/errors/domain.error.js';
import type { ListSource } from '../../common/paging/list-source.js';
import type { PageQuery } from '../../common/paging/page.query.js';
import { readPages } from '../../database/read-pages.js';
import { TenantTransaction } from '../../database/tenant-transaction.js';
import type { MiningJob } from './job.entity.js';
import { type JobActor, JobsService } from './jobs.service.js';
import { MiningResultEntity } from './mining-result.entity.js';

/** One kind of results of a job, as it is listed. */
export interface ResultList<T extends MiningResultEntity> {
  readonly entity: Type<T>;
  /** The list's order without the id, which is always the last key. */
  readonly order: FindOptionsOrder<T>;
  /** How many of them a completed job has, where its row says so. They are written once, with that number. */
  readonly countOf?: (job: MiningJob) => number;
}

/** Reads the results of jobs, whichever kind: a page of a job's, or one by its id. */
@Injectable()
export class MiningResultsReader {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly jobs: JobsService,
  ) {}

  /**
   * Where nothing is filtered out, the total is the job's own number: counting was a third of what a page of candidates
   * cost the database, at 7,000 of them.
   *
   * @throws NotFoundError when the tenant has no such job
   */
  async listOfJob<T extends MiningResultEntity>(
    actor: JobActor,
    jobId: string,
    { entity, order, countOf }: ResultList<T>,
    where: FindOptionsWhere<MiningResultEntity> & FindOptionsWhere<T>,
    page: Pick<PageQuery, 'limit' | 'offset'>,
  ): Promise<{ items: T[]; total: number }> {
    return this.transaction.run(actor.tenantId, async (manager) => {
      const { job } = await this.jobs.getJob(actor, jobId);
      const query = {
        where: { ...where, tenantId: actor.tenantId, jobId },
        order: { ...order, id: 'ASC' as const },
        take: page.limit,
        skip: page.offset,
      };
      if (countOf !== undefined && job.status === 'completed' && Object.keys(where).length === 0) {
        return { items: (await manager.find<MiningResultEntity>(entity, query)) as T[], total: countOf(job) };
      }
      const [items, total] = await manager.findAndCount<MiningResultEntity>(entity, query);
      return { items: items as T[], total };
    });
  }

  /** All results that `listOfJob` pages through, by a cursor: of ids, which are then looked up a page at a time. */
  allOfJob<T extends MiningResultEntity>(
    actor: JobActor,
    jobId: string,
    { entity, order }: ResultList<T>,
    where: FindOptionsWhere<MiningResultEntity> & FindOptionsWhere<T>,
  ): ListSource<T> {
    const { tenantId } = actor;
    const { jobs } = this;
    const all = { ...where, tenantId, jobId };
    return {
      async count(manager) {
        await jobs.getJob(actor, jobId);
        return manager.countBy<MiningResultEntity>(entity, all);
      },
      async *pages(manager, { offset, limit }) {
        const query = manager
          .createQueryBuilder<MiningResultEntity>(entity, 'result')
          .select('result.id', 'id')
          .where(all)
          .offset(offset)
          .limit(limit ?? undefined);
        for (const [key, direction] of Object.entries({ ...order, id: 'ASC' })) {
          query.addOrderBy(`result.${key}`, direction as 'ASC' | 'DESC');
        }
        const [sql, values] = query.getQueryAndParameters();
        for await (const rows of readPages<{ id: string }>(manager, sql, values)) {
          const ids = rows.map(({ id }) => id);
          const found = await manager.findBy<MiningResultEntity>(entity, { tenantId, id: Any(ids) });
          const results = new Map(found.map((result) => [result.id, result as T]));
          yield ids.flatMap((id) => results.get(id) ?? []);
        }
      },
    };
  }

  /**
   * @param what its name, for the refusal
   * @throws NotFoundError
   */
  async get<T extends MiningResultEntity>(actor: JobActor, id: string, entity: Type<T>, what: string): Promise<T> {
    const result = await this.transaction.run(actor.tenantId, (manager) =>
      manager.findOneBy<MiningResultEntity>(entity, { tenantId: actor.tenantId, id }),
    );
    if (!result) throw new NotFoundError(what, id);
    return result as T;
  }
}
