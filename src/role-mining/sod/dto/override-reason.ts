import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsOptional, IsString } from 'class-validator';
import { textRule } from '../../../common/validation/text.js';

/** Why rules of separation of duties may be broken this once: 1 to 2,000 characters after trimming, no NUL. */
export function OverrideReason(): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({
      type: String,
      nullable: true,
      minLength: 1,
      maxLength: 2000,
      description: 'Why separation-of-duties rules may be violated; without it a violation is refused. It is audited.',
      example: 'Approved until the end of the quarter',
    }),
    IsOptional(),
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value)),
    textRule({ minimum: 1, maximum: 2000, forbidden: /\0/, forbiddenText: 'a NUL character' }),
    IsString(),
  );
}
