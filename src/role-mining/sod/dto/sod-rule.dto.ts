import { ApiProperty } from '@nestjs/swagger';

/** What nobody may hold together: an entitlement of either side. */
export class SodRuleDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  /** @example 'Create and pay vendors' */
  name!: string;

  description!: string | null;

  /** One side, ascending. */
  @ApiProperty({ type: [String], format: 'uuid' })
  entitlement_ids_a!: string[];

  /** The other side, ascending. */
  @ApiProperty({ type: [String], format: 'uuid' })
  entitlement_ids_b!: string[];

  /** The administrator who made it. */
  @ApiProperty({ format: 'uuid' })
  created_by!: string;

  @ApiProperty({ format: 'date-time' })
  created_at!: string;
}
