/** The job that a result belongs to. */
export interface JobReference {
  readonly tenantId: string;
  readonly jobId: string;
}
