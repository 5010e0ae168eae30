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
   * How improbable it is that this is no mistake: the negative natural logarithm of that probability. 2.3 is one in ten,
   * 4.6 one in a hundred. Below 0.69 it is more probably no mistake: of these the surest are listed too, as long as at
   * most 6% of the whole list are expected to be none.
   * @example 4.6
   */
  score!: number;

  @ApiProperty({ format: 'date-time' })
  created_at!: string;
}
