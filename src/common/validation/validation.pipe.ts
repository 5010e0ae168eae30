import { ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { InvalidInputError } from '../errors/domain.error.js';

/**
 * Bodies and queries become their DTO or a 400 that names field, rule and value. Unknown fields are ignored (existing
 * clients send extra ones), no type is coerced, prototypes cannot be reached.
 */
export function createValidationPipe(): ValidationPipe {
  return new ValidationPipe({
    transform: true,
    whitelist: true,
    exceptionFactory: (errors) => new InvalidInputError(errors.flatMap((error) => faultsOf(error, ''))),
    validationError: { target: false, value: true },
  });
}

/** Rules of type: where one is broken, those of range say nothing worth reading ("must not be less than 1, got abc"). */
const TYPE_RULES = ['isString', 'isInt', 'isNumber', 'isBoolean', 'isObject', 'isArray'];

/** One message per field: the type that it should have, or else the rule that it breaks. */
function faultsOf(error: ValidationError, path: string): { field: string; message: string }[] {
  const field = path + error.property;
  const constraints = error.constraints ?? {};
  const broken = TYPE_RULES.find((rule) => rule in constraints) ?? Object.keys(constraints).at(-1);
  const own =
    broken === undefined ? [] : [{ field, message: `${path}${constraints[broken]}, got ${shown(error.value)}` }];
  return [...own, ...(error.children ?? []).flatMap((child) => faultsOf(child, `${field}.`))];
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
