import { Injectable } from '@nestjs/common';
import type { Actor } from '../../auth/actor.js';
import { NotFoundError } from '../../common/errors/domain.error.js';
import { JobEventStream } from './job-event-stream.js';
import { JobFollowers } from './job-followers.js';
import { hasEnded, JobStateReader } from './job-state.js';

/** The events of jobs, for as long as somebody listens. */
@Injectable()
export class JobEventsService {
  constructor(
    private readonly followers: JobFollowers,
    private readonly reader: JobStateReader,
  ) {}

  /**
   * The job as it is now and as it changes; states in between may be left out. Ends with the job, when the actor's token
   * expires, and when this process shuts down.
   *
   * @param known the revision that the listener knows already: 0 for nothing
   * @returns null when the job has ended and the listener knows it
   * @throws NotFoundError
   * @throws DomainError when this process takes no more listeners
   */
  async follow({ tenantId, expiresAt }: Actor, jobId: string, known: number): Promise<JobEventStream | null> {
    this.followers.requireRoom();
    const state = (await this.reader.read(tenantId, [jobId])).get(jobId);
    if (state === undefined) throw new NotFoundError('mining job', jobId);
    if (hasEnded(state) && state.revision <= known) return null;
    return new JobEventStream(state, known, expiresAt, (follower) => this.followers.follow(tenantId, jobId, follower));
  }
}
