import { ApiProperty } from '@nestjs/swagger';
import { SUSPICION_KINDS, type SuspicionKind } from '../suspected-grant.entity.js';

/** A grant that looks like a mistake: a hint for review, which nothing ever applies. */
export class SuspectedGrantDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ format: 'uuid' })
  job_id!: string;

  /**
   * `missing`: the user lacks it, though it has nearly all that goes with it. `extra`: the user holds it, though nothing
   * that goes with it.
   */
  @ApiProperty({ enum: SUSPICION_KINDS, enumName: 'SuspicionKind' })
  kind!: SuspicionKind;

  @ApiProperty({ format: 'uuid' })
  user_id!: string;

  @ApiProperty({ format: 'uuid' })
  entitlement_id!: string;

  /**
   * How much less probable the user's access is if this is no mistake, as a natural logarithm: 2.3 is ten to one, 4.6 a
   * hundred to one.
   * @example 4.6
   */
  score!: number;

  @ApiProperty({ format: 'date-time' })
  created_at!: string;
}
