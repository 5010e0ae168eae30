import { ApiProperty } from '@nestjs/swagger';
import { ROLE_SOURCES, type RoleSource } from '../../stores/role.store.js';

/** A role that the organisation has. */
export class RoleDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  /** As in the imported files; null for a role that was not imported. */
  external_id!: string | null;

  name!: string;

  description!: string | null;

  /** All that the role gives, inherited or not. */
  @ApiProperty({ type: [String], format: 'uuid' })
  entitlement_ids!: string[];

  /** Roles that it inherits from. */
  @ApiProperty({ type: [String], format: 'uuid' })
  junior_role_ids!: string[];

  /** Users who have the role. */
  @ApiProperty({ type: 'integer' })
  member_count!: number;

  /** What made it. */
  @ApiProperty({ enum: ROLE_SOURCES, enumName: 'RoleSource' })
  source!: RoleSource;
}
