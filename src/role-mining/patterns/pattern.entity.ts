import { Column, Entity } from 'typeorm';
import { MiningResultEntity } from '../jobs/mining-result.entity.js';

@Entity('role_mining_pattern')
export class AccessPattern extends MiningResultEntity {
  @Column('uuid', { name: 'entitlement_ids', array: true })
  entitlementIds!: string[];

  @Column('integer')
  frequency!: number;

  @Column('integer', { name: 'exact_user_count' })
  exactUserCount!: number;

  @Column('uuid', { name: 'sample_user_ids', array: true })
  sampleUserIds!: string[];

  /** frequency × number of entitlements, kept by the database for the list's order. */
  @Column({ type: 'bigint', insert: false, update: false, select: false })
  area!: string;
}
