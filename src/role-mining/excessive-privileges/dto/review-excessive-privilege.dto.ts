import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { FreeText } from '../../../common/validation/text.js';
import { REVIEW_ACTIONS, type ReviewAction } from '../privilege-status.js';

export class ReviewExcessivePrivilegeDto {
  /** `accept`: the access is right; `remediate`: it is to be taken away, which is not done here. */
  @ApiProperty({ enum: REVIEW_ACTIONS, enumName: 'ReviewAction', example: 'accept' })
  @IsIn(REVIEW_ACTIONS)
  action!: ReviewAction;

  /** What the reviewer wants to be remembered.
   * @example 'Stands in for the head of department until May'
   */
  @IsOptional()
  @FreeText()
  notes?: string | null;
}
