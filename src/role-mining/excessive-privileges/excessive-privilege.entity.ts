import { Column, Entity } from 'typeorm';
import { MiningResultEntity } from '../jobs/mining-result.entity.js';
import type { PrivilegeStatus } from './privilege-status.js';

@Entity('role_mining_excessive_privilege')
export class ExcessivePrivilege extends MiningResultEntity {
  @Column('uuid', { name: 'user_id' })
  userId!: string;

  @Column('uuid', { name: 'peer_group_id', nullable: true })
  peerGroupId!: string | null;

  @Column('text', { name: 'peer_group_value', nullable: true })
  peerGroupValue!: string | null;

  @Column('double precision', { name: 'deviation_percent' })
  deviationPercent!: number;

  @Column('uuid', { name: 'excess_entitlements', array: true })
  excessEntitlements!: string[];

  @Column('double precision', { name: 'peer_average' })
  peerAverage!: number;

  @Column('double precision', { name: 'peer_median' })
  peerMedian!: number;

  @Column('double precision', { name: 'peer_percentile' })
  peerPercentile!: number;

  /** The user's own number of entitlements. */
  @Column('integer', { name: 'user_count' })
  userCount!: number;

  @Column('text')
  status!: PrivilegeStatus;

  @Column('text', { nullable: true })
  notes!: string | null;

  @Column('uuid', { name: 'reviewed_by', nullable: true })
  reviewedBy!: string | null;

  @Column('timestamptz', { name: 'reviewed_at', nullable: true })
  reviewedAt!: Date | null;
}
