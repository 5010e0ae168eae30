import { ApiProperty } from '@nestjs/swagger';

/** An attribute of users. */
export class AttributeSummaryDto {
  /** @example 'department' */
  name!: string;

  /** How many different values there are. */
  @ApiProperty({ type: 'integer' })
  distinct_values!: number;

  /** Share of the users who have a value. */
  @ApiProperty({ minimum: 0, maximum: 1 })
  coverage!: number;
}

export class AccessGraphSummaryDto {
  /** Users there are. */
  @ApiProperty({ type: 'integer' })
  users!: number;

  /** Entitlements there are. */
  @ApiProperty({ type: 'integer' })
  entitlements!: number;

  /** Direct assignments. */
  @ApiProperty({ type: 'integer' })
  assignments!: number;

  /** Roles there are, imported or made here. */
  @ApiProperty({ type: 'integer' })
  roles!: number;

  /** When an import last completed; null before the first one. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  last_import_at!: string | null;

  /** What a mining job can take as `peer_group_attribute`, by name. */
  @ApiProperty({ type: [AttributeSummaryDto] })
  attributes!: AttributeSummaryDto[];
}
