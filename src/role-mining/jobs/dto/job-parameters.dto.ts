import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsInt, IsNumber, IsOptional, IsString, Max, Min } from 'class-validator';
import { textRule } from '../../../common/validation/text.js';
import { DEFAULT_PARAMETERS } from '../job-parameters.js';

/** What a mining job looks for. Each field that is left out or null has its default. */
export class MiningJobParametersDto {
  /** Users who share a pattern, at least. */
  @ApiPropertyOptional({ type: 'integer', default: DEFAULT_PARAMETERS.minUsers })
  @IsOptional()
  @Max(1_000_000)
  @Min(1)
  @IsInt()
  min_users?: number | null;

  /** Entitlements in a pattern, at least. */
  @ApiPropertyOptional({ type: 'integer', default: DEFAULT_PARAMETERS.minEntitlements })
  @IsOptional()
  @Max(10_000)
  @Min(1)
  @IsInt()
  min_entitlements?: number | null;

  /** Confidence score of a candidate, at least. */
  @ApiPropertyOptional({ default: DEFAULT_PARAMETERS.confidenceThreshold })
  @IsOptional()
  @Max(1)
  @Min(0)
  @IsNumber()
  confidence_threshold?: number | null;

  /** Whether to look for people with more access than their peers. */
  @ApiPropertyOptional({ default: DEFAULT_PARAMETERS.includeExcessivePrivilege })
  @IsOptional()
  @IsBoolean()
  include_excessive_privilege?: boolean | null;

  /** Whether to look for existing roles that overlap. */
  @ApiPropertyOptional({ default: DEFAULT_PARAMETERS.includeConsolidation })
  @IsOptional()
  @IsBoolean()
  include_consolidation?: boolean | null;

  /** Overlap of two roles, in percent, from which merging them is suggested. */
  @ApiPropertyOptional({ default: DEFAULT_PARAMETERS.consolidationThreshold })
  @IsOptional()
  @Max(100)
  @Min(0)
  @IsNumber()
  consolidation_threshold?: number | null;

  /** Percent above the peer average from which a user is flagged. */
  @ApiPropertyOptional({ default: DEFAULT_PARAMETERS.deviationThreshold })
  @IsOptional()
  @Max(10_000)
  @Min(0)
  @IsNumber()
  deviation_threshold?: number | null;

  /** User attribute, such as `department`, whose value makes people peers; null compares everybody with everybody. */
  @IsOptional()
  @textRule({ minimum: 1, maximum: 128, forbidden: /\p{Cc}/u, forbiddenText: 'control characters' })
  @IsString()
  peer_group_attribute?: string | null;
}
