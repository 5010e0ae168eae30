import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsString, registerDecorator, type ValidationArguments } from 'class-validator';

interface TextRule {
  readonly minimum: number;
  readonly maximum: number;
  readonly forbidden: RegExp;
  readonly forbiddenText: string;
}

/**
 * A name: 1 to 255 Unicode characters after trimming, no control characters. Trimmed before it is checked and stored.
 * Characters are code points: class-validator's length rules count UTF-16 units, two for an emoji.
 */
export function Name(): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value)),
    ApiProperty({ minLength: 1, maxLength: 255 }),
    textRule({ minimum: 1, maximum: 255, forbidden: /\p{Cc}/u, forbiddenText: 'control characters' }),
    IsString(),
  );
}

/** A longer text for people: up to 2,000 characters, no NUL (PostgreSQL cannot store it). */
export function FreeText(): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ maxLength: 2000 }),
    textRule({ minimum: 0, maximum: 2000, forbidden: /\0/, forbiddenText: 'a NUL character' }),
    IsString(),
  );
}

/** Length in code points, forbidden characters, and no half of a surrogate pair. */
export function textRule(rule: TextRule): PropertyDecorator {
  const faultOf = (value: unknown): string | null => {
    if (typeof value !== 'string') return null;
    const length = [...value].length;
    if (length < rule.minimum || length > rule.maximum) {
      return `must have ${rule.minimum} to ${rule.maximum} characters, has ${length}`;
    }
    if (rule.forbidden.test(value)) return `must not contain ${rule.forbiddenText}`;
    return value.isWellFormed() ? null : 'must be well-formed Unicode';
  };
  return (target, property) =>
    registerDecorator({
      name: 'textRule',
      target: target.constructor,
      propertyName: String(property),
      validator: {
        validate: (value: unknown) => faultOf(value) === null,
        defaultMessage: (args?: ValidationArguments) => `${args?.property} ${faultOf(args?.value)}`,
      },
    });
}
