import { SetMetadata } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { InvalidInputError } from '../errors/domain.error.js';

const KEY = /^[\x21-\x7e]{1,255}$/;
const KEEPS_OWN_KEY = 'keepsOwnIdempotencyKey';
const SECRET_FIELD = 'secretField';

/**
 * The call's `Idempotency-Key`, or null.
 *
 * @throws InvalidInputError
 */
export function idempotencyKeyOf(request: FastifyRequest): string | null {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return null;
  if (typeof key === 'string' && KEY.test(key)) return key;
  throw new InvalidInputError([
    { field: 'Idempotency-Key', message: 'Idempotency-Key must have 1 to 255 visible ASCII characters' },
  ]);
}

/** The refusal of a key that came with something else before. */
export const KEY_OF_ANOTHER_REQUEST = {
  message: 'The Idempotency-Key was used for another request',
  errors: [{ field: 'Idempotency-Key', message: 'Idempotency-Key was used for another request, send a new one' }],
} as const;

/**
 * For a route that looks after the key itself, because its work is too long for the transaction that the interceptor
 * would keep open around it.
 */
export function KeepsOwnIdempotencyKey(): MethodDecorator {
  return SetMetadata(KEEPS_OWN_KEY, true);
}

/**
 * For a route whose answer has a secret that is shown once: the answer is stored without it, so that a repetition gets
 * null in its place.
 */
export function AnswersSecretOnce(field: string): MethodDecorator {
  return SetMetadata(SECRET_FIELD, field);
}

/** The answer as it may be stored. */
export function withoutSecret(body: unknown, handler: object): unknown {
  const field = Reflect.getMetadata(SECRET_FIELD, handler) as string | undefined;
  return field === undefined || typeof body !== 'object' ? body : { ...body, [field]: null };
}

export function keepsOwnIdempotencyKey(handler: object): boolean {
  return Reflect.getMetadata(KEEPS_OWN_KEY, handler) === true;
}
