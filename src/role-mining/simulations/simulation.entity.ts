import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AccessImpact } from './access-impact.js';
import type { ScenarioType, SimulationChanges } from './scenario.js';
import type { SimulationStatus } from './simulation-status.js';

@Entity('role_mining_simulation')
export class Simulation {
  @PrimaryColumn('uuid', { name: 'tenant_id' })
  tenantId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  name!: string;

  @Column('text', { name: 'scenario_type' })
  scenarioType!: ScenarioType;

  @Column('uuid', { name: 'target_role_id', nullable: true })
  targetRoleId!: string | null;

  @Column('jsonb')
  changes!: SimulationChanges;

  /** Null when none were named. Can be megabytes: its beginning is read by `SimulationsStore`. */
  @Column('uuid', { name: 'user_ids', array: true, nullable: true, select: false })
  userIds!: string[] | null;

  @Column('text')
  status!: SimulationStatus;

  /** As it was found at execute; null before. */
  @Column('jsonb', { nullable: true })
  impact!: AccessImpact | null;

  @Column('text', { name: 'impact_fingerprint', nullable: true })
  impactFingerprint!: string | null;

  /** The role that applying `add_role` made. */
  @Column('uuid', { name: 'created_role_id', nullable: true })
  createdRoleId!: string | null;

  @Column('uuid', { name: 'applied_by', nullable: true })
  appliedBy!: string | null;

  @Column('timestamptz', { name: 'applied_at', nullable: true })
  appliedAt!: Date | null;

  @Column('uuid', { name: 'created_by' })
  createdBy!: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
