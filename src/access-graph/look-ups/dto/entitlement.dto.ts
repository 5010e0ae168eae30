import { ApiProperty } from '@nestjs/swagger';

/** A permission of one of the organisation's applications. */
export class EntitlementDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  /** As in the imported files. */
  external_id!: string;

  /** As shown to people; the external id where no name is known.
   * @example 'SAP: post vendor invoices'
   */
  name!: string;

  /** What it belongs to; null where that is not known. */
  application!: string | null;

  description!: string | null;

  /** Users who hold it, directly or by roles. */
  @ApiProperty({ type: 'integer' })
  user_count!: number;
}
