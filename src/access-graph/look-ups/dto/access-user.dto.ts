import { ApiProperty } from '@nestjs/swagger';

/** A user of the organisation that is governed. */
export class AccessUserDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  /** As in the imported files.
   * @example 'u000042'
   */
  external_id!: string;

  /** What is known about the user: a text, or a list where there are several values. */
  @ApiProperty({
    type: 'object',
    additionalProperties: { oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
    example: { department: 'Finance', site: ['Oslo', 'Rome'] },
  })
  attributes!: Record<string, string | string[]>;

  /** Entitlements that the user holds, directly or by roles. */
  @ApiProperty({ type: 'integer' })
  entitlement_count!: number;

  /** Roles that the user is a member of. */
  @ApiProperty({ type: 'integer' })
  role_count!: number;
}

/** An entitlement that a user holds, and how. */
export class HeldEntitlementDto {
  @ApiProperty({ format: 'uuid' })
  entitlement_id!: string;

  /** Whether it is assigned to the user directly. */
  direct!: boolean;

  /** Roles of the user that give it. */
  @ApiProperty({ type: [String], format: 'uuid' })
  role_ids!: string[];

  /** When the user last used it; null where that is not known. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  last_used_at!: string | null;
}

/** All that a user holds. */
export class UserAccessDto {
  /** By name of the entitlement. */
  @ApiProperty({ type: [HeldEntitlementDto] })
  items!: HeldEntitlementDto[];

  /** How many entitlements the user holds. */
  @ApiProperty({ type: 'integer' })
  total!: number;
}
