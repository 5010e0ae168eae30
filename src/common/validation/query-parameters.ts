import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsISO8601, IsNumber, IsString, Matches, Max, Min, ValidateIf } from 'class-validator';
import { textRule } from './text.js';

/**
 * Decorators for query parameters. They arrive as text, and twice as an array: numbers are read strictly (no blanks, no
 * hexadecimal), and everything else is left as it came, for the rule behind it to refuse. An empty parameter is refused too.
 */

interface NumberRange {
  minimum?: number;
  maximum?: number;
  default?: number;
}

const whenGiven = ValidateIf((_, value) => value !== undefined);

/** A whole number. `clampTo`: larger values are taken as that instead of being refused. */
export function IntegerQuery(range: NumberRange & { clampTo?: number }): PropertyDecorator {
  const { clampTo } = range;
  const read = (value: unknown): unknown => {
    const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
    return typeof number === 'number' && clampTo !== undefined ? Math.min(number, clampTo) : number;
  };
  return applyDecorators(
    ApiPropertyOptional({ type: 'integer', minimum: range.minimum, maximum: range.maximum, default: range.default }),
    Transform(({ value }) => read(value)),
    whenGiven,
    IsInt(),
    ...bounds(range),
  );
}

/** A decimal number. */
export function NumberQuery(range: NumberRange): PropertyDecorator {
  const read = (value: unknown): unknown =>
    typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  return applyDecorators(
    ApiPropertyOptional({ type: 'number', minimum: range.minimum, maximum: range.maximum, default: range.default }),
    Transform(({ value }) => read(value)),
    whenGiven,
    IsNumber(),
    ...bounds(range),
  );
}

/** One of a list of words. */
export function EnumQuery(enumName: string, values: readonly string[]): PropertyDecorator {
  return applyDecorators(ApiPropertyOptional({ enum: [...values], enumName }), whenGiven, IsIn(values));
}

/** `true` or `false`. */
export function BooleanQuery(options: { default: boolean }): PropertyDecorator {
  const read = (value: unknown): unknown => (value === 'true' ? true : value === 'false' ? false : value);
  return applyDecorators(
    ApiPropertyOptional({ type: 'boolean', default: options.default }),
    Transform(({ value }) => read(value)),
    whenGiven,
    IsBoolean(),
  );
}

/** A date and time with its offset from UTC (ISO 8601). */
export function DateTimeQuery(): PropertyDecorator {
  const zoned = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})$/;
  return applyDecorators(
    ApiPropertyOptional({ type: 'string', format: 'date-time' }),
    whenGiven,
    IsISO8601({ strict: true }),
    Matches(zoned, { message: '$property must be a date and time with Z or an offset, as 2026-01-31T09:00:00Z' }),
    IsString(),
  );
}

/** Text, not empty, and no NUL (PostgreSQL takes none). */
export function TextQuery(options: { maxLength: number }): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ type: 'string', minLength: 1, maxLength: options.maxLength }),
    whenGiven,
    IsString(),
    textRule({ minimum: 1, maximum: options.maxLength, forbidden: /\0/, forbiddenText: 'a NUL character' }),
  );
}

function bounds(range: NumberRange): PropertyDecorator[] {
  const decorators: PropertyDecorator[] = [];
  if (range.minimum !== undefined) decorators.push(Min(range.minimum));
  if (range.maximum !== undefined) decorators.push(Max(range.maximum));
  return decorators;
}
