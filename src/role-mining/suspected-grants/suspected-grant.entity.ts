import { Column, Entity } from 'typeorm';
import { MiningResultEntity } from '../jobs/mining-result.entity.js';

export const SUSPICION_KINDS = ['missing', 'extra'] as const;
export type SuspicionKind = (typeof SUSPICION_KINDS)[number];

@Entity('role_mining_suspected_grant')
export class SuspectedGrant extends MiningResultEntity {
  @Column('text')
  kind!: SuspicionKind;

  @Column('uuid', { name: 'user_id' })
  userId!: string;

  @Column('uuid', { name: 'entitlement_id' })
  entitlementId!: string;

  @Column('double precision')
  score!: number;
}
