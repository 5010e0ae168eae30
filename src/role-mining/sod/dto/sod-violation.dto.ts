import { ApiProperty } from '@nestjs/swagger';

/** A separation-of-duties rule that is broken, or would be. */
export class SodViolationDto {
  @ApiProperty({ format: 'uuid' })
  rule_id!: string;

  /** The rule's name.
   * @example 'Create and pay vendors'
   */
  rule_name!: string;

  /** Entitlements of both sides of the rule that come together. */
  @ApiProperty({ type: [String], format: 'uuid' })
  entitlement_ids!: string[];

  /** Users who would hold them; 0 when it is the set of entitlements itself that breaks the rule. */
  @ApiProperty({ type: 'integer' })
  user_count!: number;

  /** The first 100 of those users. */
  @ApiProperty({ type: [String], format: 'uuid', maxItems: 100 })
  user_ids!: string[];
}
