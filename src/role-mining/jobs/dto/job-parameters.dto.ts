import { IsBoolean, IsInt, IsNumber, IsOptional, IsString, Max, Min } from 'class-validator';
import { textRule } from '../../../common/validation/text.js';

/** What a mining job looks for. Each field that is left out or null has its default. */
export class MiningJobParametersDto {
  /**
   * Users who share a pattern, at least.
   * @default 3
   */
  @IsOptional()
  @Max(1_000_000)
  @Min(1)
  @IsInt()
  min_users?: number | null;

  /**
   * Entitlements in a pattern, at least.
   * @default 2
   */
  @IsOptional()
  @Max(10_000)
  @Min(1)
  @IsInt()
  min_entitlements?: number | null;

  /**
   * Confidence score of a candidate, at least.
   * @default 0.6
   */
  @IsOptional()
  @Max(1)
  @Min(0)
  @IsNumber()
  confidence_threshold?: number | null;

  /**
   * Whether to look for people with more access than their peers.
   * @default true
   */
  @IsOptional()
  @IsBoolean()
  include_excessive_privilege?: boolean | null;

  /**
   * Whether to look for existing roles that overlap.
   * @default true
   */
  @IsOptional()
  @IsBoolean()
  include_consolidation?: boolean | null;

  /**
   * Overlap of two roles, in percent, from which merging them is suggested.
   * @default 70
   */
  @IsOptional()
  @Max(100)
  @Min(0)
  @IsNumber()
  consolidation_threshold?: number | null;

  /**
   * Percent above the peer average from which a user is flagged.
   * @default 50
   */
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
