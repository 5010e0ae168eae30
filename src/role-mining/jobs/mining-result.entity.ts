import { Column, PrimaryColumn } from 'typeorm';

/** What every result of a job has; a job takes its results along when it is deleted (a cascade in the database). */
export abstract class MiningResultEntity {
  @PrimaryColumn('uuid', { name: 'tenant_id' })
  tenantId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'job_id' })
  jobId!: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
