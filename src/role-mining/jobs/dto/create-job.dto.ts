import { Type } from 'class-transformer';
import { IsObject, IsOptional, ValidateNested } from 'class-validator';
import { Name } from '../../../common/validation/text.js';
import { MiningJobParametersDto } from './job-parameters.dto.js';

export class CreateMiningJobDto {
  /**
   * A name for people; trimmed.
   * @example 'Quarterly role mining'
   */
  @Name()
  name!: string;

  /** What to look for; defaults for all that is left out. */
  @IsOptional()
  @ValidateNested()
  @IsObject()
  @Type(() => MiningJobParametersDto)
  parameters?: MiningJobParametersDto | null;
}
