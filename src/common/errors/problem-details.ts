import { STATUS_CODES } from 'node:http';
import { HttpException, HttpStatus } from '@nestjs/common';
import { DomainError, type DomainErrorCode } from './domain.error.js';
import {
  isDatabaseContended,
  isDatabaseDiskFull,
  isDatabaseUnavailable,
  isStatementTooSlow,
} from './database-unavailable.js';

const STATUS_OF_CODE: Readonly<Record<DomainErrorCode, HttpStatus>> = {
  invalid: HttpStatus.BAD_REQUEST,
  unauthenticated: HttpStatus.UNAUTHORIZED,
  forbidden: HttpStatus.FORBIDDEN,
  not_found: HttpStatus.NOT_FOUND,
  conflict: HttpStatus.CONFLICT,
  unsupported_media_type: HttpStatus.UNSUPPORTED_MEDIA_TYPE,
  too_large: HttpStatus.PAYLOAD_TOO_LARGE,
  too_many_requests: HttpStatus.TOO_MANY_REQUESTS,
  unavailable: HttpStatus.SERVICE_UNAVAILABLE,
};

/** An RFC 9457 problem document; `message` repeats `detail` for clients that read that. */
export interface ProblemDetails {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly message: string;
  readonly instance: string;
  readonly [member: string]: unknown;
}

/**
 * What the caller is told about an error. Only our own refusals and the framework's client errors are told in their own
 * words: anything else may carry SQL, names of hosts or a stack, and is told as a plain 500 (or 503 when it is the
 * database that cannot be reached or is too busy).
 */
export function problemDetails(error: unknown, instance: string): ProblemDetails {
  if (error instanceof DomainError) {
    return document(STATUS_OF_CODE[error.code], error.message, instance, error.details);
  }
  const status = statusOf(error);
  if (status !== null && status < 500) {
    const sentence = sentenceOf(error, status);
    const errors = [{ field: 'request', message: sentence }];
    return document(status, sentence, instance, status === 400 ? { errors } : {});
  }
  if (status === 503 || isDatabaseUnavailable(error)) {
    return document(503, 'The service cannot reach its database at the moment, try again shortly', instance);
  }
  if (isDatabaseDiskFull(error)) {
    return document(503, 'The database has no room left on its disk, nothing can be written at the moment', instance);
  }
  if (isDatabaseContended(error) || isStatementTooSlow(error)) {
    return document(
      503,
      'The data is in use by others for longer than a request may wait, try again shortly',
      instance,
    );
  }
  return document(500, 'Something went wrong in the service; the request id helps to find it', instance);
}

function document(status: number, detail: string, instance: string, members: object = {}): ProblemDetails {
  return {
    ...members,
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail,
    message: detail,
    instance,
  };
}

/** Nest's exceptions have a method, Fastify's errors a property. */
function statusOf(error: unknown): number | null {
  if (error instanceof HttpException) return error.getStatus();
  if (error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number') return error.statusCode;
  return null;
}

function sentenceOf(error: unknown, status: number): string {
  return error instanceof Error && error.message ? error.message : (STATUS_CODES[status] ?? 'Error');
}
