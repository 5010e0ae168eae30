import { ApiProperty } from '@nestjs/swagger';

export class NearMissDto {
  /** The one entitlement that is lacking. */
  @ApiProperty({ format: 'uuid' })
  entitlement_id!: string;

  /** Users who hold all of the candidate but this. */
  @ApiProperty({ type: 'integer' })
  user_count!: number;
}

export class AttributeConditionDto {
  /** Name of a user attribute.
   * @example 'department'
   */
  attribute!: string;

  /** @example 'Finance' */
  value!: string;
}

/** What the members have in common that others don't. */
export class AttributeRuleDto {
  /** One condition, or two that both hold. */
  conditions!: AttributeConditionDto[];

  /** Share of the matching users who are members. */
  precision!: number;

  /** Share of the members who match. */
  recall!: number;

  /** Harmonic mean of precision and recall. */
  f1!: number;

  /** Users of the tenant who meet the conditions. */
  @ApiProperty({ type: 'integer' })
  matching_users!: number;

  /** Members of the candidate among them. */
  @ApiProperty({ type: 'integer' })
  matching_members!: number;
}

/** Why this is a role, in numbers that can be checked. */
export class CandidateExplanationDto {
  /** Assignments that the candidate covers for the members who are given it. */
  @ApiProperty({ type: 'integer' })
  assignments_covered!: number;

  /** Of those, the ones that no earlier candidate covers. */
  @ApiProperty({ type: 'integer' })
  new_assignments_covered!: number;

  /** Change of the weighted structural complexity when this candidate is added to the ones before it; negative is simpler. */
  @ApiProperty({ type: 'integer' })
  complexity_change!: number;

  /** Users who lack exactly one of the entitlements, by that entitlement, most first. */
  near_misses!: NearMissDto[];

  /** Users who lack exactly two. */
  @ApiProperty({ type: 'integer' })
  users_lacking_two!: number;

  /** The attributes that set the members apart; null when users have none. */
  @ApiProperty({ type: () => AttributeRuleDto, nullable: true })
  attribute_rule!: AttributeRuleDto | null;
}
