import { applyDecorators, Injectable, Param, type PipeTransform } from '@nestjs/common';
import { ApiParam, ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsOptional,
  isUUID,
  IsUUID,
  registerDecorator,
  ValidateIf,
  type ValidationArguments,
} from 'class-validator';
import { InvalidInputError } from '../errors/domain.error.js';

/** Any UUID, whichever version: identity systems hand out all kinds. */
export function isUuid(value: string): boolean {
  return isUUID(value, 'loose');
}

@Injectable()
class UuidPipe implements PipeTransform<string, string> {
  transform(value: string, metadata: { data?: string }): string {
    if (isUuid(value)) return value.toLowerCase();
    const field = metadata.data ?? 'id';
    throw new InvalidInputError([
      { field, message: `${field} must be a UUID, got ${JSON.stringify(value.slice(0, 100))}` },
    ]);
  }
}

/** A UUID as a query parameter. */
export function UuidQuery(): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ type: 'string', format: 'uuid' }),
    Transform(({ value }: { value: unknown }) => inLowerCase(value)),
    ValidateIf((_, value) => value !== undefined),
    IsUUID('loose'),
  );
}

/** A UUID as a query parameter that has to be given. */
export function RequiredUuidQuery(): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ type: 'string', format: 'uuid' }),
    Transform(({ value }: { value: unknown }) => inLowerCase(value)),
    IsUUID('loose'),
  );
}

const MAX_IDS = 100;

/** Up to 100 UUIDs, separated by commas, as a query parameter. */
export function UuidListQuery(): PropertyDecorator {
  const read = (value: unknown): unknown => {
    if (typeof value === 'string') return value.split(',').map((id) => id.trim().toLowerCase());
    // A repeated parameter comes as an array, which must not pass for a list.
    return value === undefined ? undefined : [value];
  };
  return applyDecorators(
    ApiPropertyOptional({ type: 'array', items: { type: 'string', format: 'uuid' }, maxItems: MAX_IDS }),
    Transform(({ value }) => read(value)),
    ValidateIf((_, value) => value !== undefined),
    IsUUID('loose', { each: true }),
    ArrayMaxSize(MAX_IDS),
  );
}

/** UUIDs in a body, in lower case and each once from here on. */
export function UuidList(size: { minimum: number; maximum: number }): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ type: [String], format: 'uuid', minItems: size.minimum, maxItems: size.maximum }),
    Transform(({ value }: { value: unknown }) => eachOnce(value)),
    uuidItems(),
    ArrayMaxSize(size.maximum),
    ArrayMinSize(size.minimum),
    IsArray(),
  );
}

/** A UUID in a body that may be left out or null; in lower case from here on. */
export function OptionalUuid(): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ type: String, format: 'uuid', nullable: true }),
    IsOptional(),
    Transform(({ value }: { value: unknown }) => inLowerCase(value)),
    IsUUID('loose'),
  );
}

/** A list of UUIDs in a body that may be left out or null; in lower case and each once from here on. */
export function OptionalUuidList(): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ type: [String], format: 'uuid', nullable: true }),
    IsOptional(),
    Transform(({ value }: { value: unknown }) => eachOnce(value)),
    uuidItems(),
    IsArray(),
  );
}

function inLowerCase(value: unknown): unknown {
  return typeof value === 'string' ? value.toLowerCase() : value;
}

function eachOnce(value: unknown): unknown {
  return Array.isArray(value) ? [...new Set(value.map((item: unknown) => inLowerCase(item)))] : value;
}

/** Names the first item that is none: the list itself may have thousands. */
function uuidItems(): PropertyDecorator {
  const faultOf = (value: unknown): string | null => {
    if (!Array.isArray(value)) return null;
    const at = value.findIndex((item) => typeof item !== 'string' || !isUuid(item));
    return at < 0 ? null : `must hold UUIDs only, one of its items is ${JSON.stringify(value[at]).slice(0, 100)}`;
  };
  return (target, property) =>
    registerDecorator({
      name: 'uuidItems',
      target: target.constructor,
      propertyName: String(property),
      validator: {
        validate: (value: unknown) => faultOf(value) === null,
        defaultMessage: (args?: ValidationArguments) => `${args?.property} ${faultOf(args?.value)}`,
      },
    });
}

/** A UUID in the path, in lower case from here on. */
export function UuidParam(name: string): ParameterDecorator {
  return (target, key, index) => {
    Param(name, UuidPipe)(target, key, index);
    const descriptor = key === undefined ? undefined : Object.getOwnPropertyDescriptor(target, key);
    if (key !== undefined && descriptor)
      ApiParam({ name, schema: { type: 'string', format: 'uuid' } })(target, key, descriptor);
  };
}
