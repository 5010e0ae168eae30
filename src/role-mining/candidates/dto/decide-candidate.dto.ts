import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsOptional } from 'class-validator';
import { FreeText, Name } from '../../../common/validation/text.js';
import { OverrideReason } from '../../sod/dto/override-reason.js';

export class PromoteCandidateDto {
  /** Name of the role, unique in the tenant; the proposed name when left out.
   * @example 'Accounts payable clerk'
   */
  @IsOptional()
  @Name()
  role_name?: string | null;

  /** @example 'Books and pays vendor invoices' */
  @IsOptional()
  @FreeText()
  description?: string | null;

  /** Whether the members to whom the proposed role set gives this role become members of it. */
  @ApiPropertyOptional({ type: Boolean, nullable: true, default: false })
  @IsOptional()
  @IsBoolean()
  assign_members?: boolean | null;

  /** Whether those members lose the direct assignments that the role makes redundant; needs `assign_members`. */
  @ApiPropertyOptional({ type: Boolean, nullable: true, default: false })
  @IsOptional()
  @IsBoolean()
  remove_direct?: boolean | null;

  @OverrideReason()
  override_reason?: string | null;
}

export class DismissCandidateDto {
  /** Why it is no role.
   * @example 'A project that ends in March'
   */
  @IsOptional()
  @FreeText()
  reason?: string | null;
}
