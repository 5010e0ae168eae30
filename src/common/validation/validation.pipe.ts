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

/** One message per field: the first rule that it breaks (decorators apply bottom up, so the last key is the type rule). */
function faultsOf(error: ValidationError, path: string): { field: string; message: string }[] {
  const field = path + error.property;
  const rules = Object.values(error.constraints ?? {});
  const own =
    rules.length > 0 ? [{ field, message: `${path}${rules[rules.length - 1]}, got ${shown(error.value)}` }] : [];
  return [...own, ...(error.children ?? []).flatMap((child) => faultsOf(child, `${field}.`))];
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
