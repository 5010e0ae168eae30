import { ApiProperty } from '@nestjs/swagger';
import { PRIVILEGE_STATUSES, type PrivilegeStatus } from '../privilege-status.js';

/** A user who holds more than its peers. */
export class ExcessivePrivilegeDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ format: 'uuid' })
  job_id!: string;

  @ApiProperty({ format: 'uuid' })
  user_id!: string;

  /** The peer group, the same in every job for the same attribute and value; null when compared with the whole tenant. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  peer_group_id!: string | null;

  /** The attribute's value that makes the group; null when compared with the whole tenant.
   * @example 'Finance'
   */
  peer_group_value!: string | null;

  /** How far the user's number of entitlements lies above the peer average, in percent. */
  deviation_percent!: number;

  /** What the user holds and at most half of the peers hold, rarest first. */
  @ApiProperty({ type: [String], format: 'uuid' })
  excess_entitlements!: string[];

  /** Mean number of entitlements of the other members of the group who hold anything. */
  peer_average!: number;

  /** The user's own number of entitlements. */
  @ApiProperty({ type: 'integer' })
  user_count!: number;

  /** Median number of entitlements of the same peers. */
  peer_median!: number;

  /** Share of the peers who hold fewer entitlements than the user, 0 to 100. */
  peer_percentile!: number;

  /** `reviewed` is legacy and never set. */
  @ApiProperty({ enum: PRIVILEGE_STATUSES, enumName: 'ExcessivePrivilegeStatus' })
  status!: PrivilegeStatus;

  /** What the reviewer noted; null before the review, or without notes. */
  notes!: string | null;

  /** The administrator who decided; null before. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  reviewed_by!: string | null;

  /** When that was; null before. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  reviewed_at!: string | null;

  @ApiProperty({ format: 'date-time' })
  created_at!: string;
}
