import { IsOptional, IsString, Matches } from 'class-validator';
import { FreeText } from '../../../common/validation/text.js';
import { OverrideReason } from '../../sod/dto/override-reason.js';

export class DismissSuggestionDto {
  /** Why the roles stay apart.
   * @example 'Different owners'
   */
  @IsOptional()
  @FreeText()
  reason?: string | null;
}

export class MergeRolesDto {
  /** The impact that was shown: `impact_hash` of the merge preview.
   * @example '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'
   */
  @Matches(/^[0-9a-f]{64}$/, { message: 'impact_hash must be the 64 hexadecimal digits of a merge preview' })
  @IsString()
  impact_hash!: string;

  @OverrideReason()
  override_reason?: string | null;
}
