import multipart from '@fastify/multipart';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DomainError } from '../../../common/errors/domain.error.js';
import { UnreadableBody } from '../../../common/http/json-body.js';

/** Where imports are taken, and nothing else of any size. */
export const IMPORTS_PATH = 'governance/access-graph/imports';

/** What a single file may be sent as; what it is, is seen from its first line. */
export const FILE_TYPES = [
  'text/csv',
  'text/plain',
  'application/x-ndjson',
  'application/ndjson',
  'application/gzip',
  'application/x-gzip',
  'application/octet-stream',
];
export const MULTIPART_TYPE = 'multipart/form-data';

/**
 * Lets the bodies of imports through unread: the handler streams them to disk, after the guards have let the caller in.
 * On other routes such a body is refused like any that is not JSON.
 */
@Injectable()
export class ImportBodies implements OnModuleInit {
  constructor(private readonly host: HttpAdapterHost) {}

  onModuleInit(): void {
    // Without HTTP (a worker, a command) there is no adapter, whatever the type says.
    const adapter = this.host.httpAdapter as typeof this.host.httpAdapter | undefined;
    const fastify = adapter?.getInstance<FastifyInstance>();
    if (fastify === undefined) return;
    for (const type of FILE_TYPES) {
      if (fastify.hasContentTypeParser(type)) continue;
      fastify.addContentTypeParser(type, (request, _payload, done) => done(null, bodyFor(request, type)));
    }
    // Not awaited: that would close the routes before Nest has set the handler of Fastify's own errors (413, 415) for them.
    if (!fastify.hasContentTypeParser(MULTIPART_TYPE)) void fastify.register(multipart);
  }
}

function bodyFor(request: FastifyRequest, type: string): UnreadableBody | undefined {
  if (request.routeOptions.url?.endsWith(IMPORTS_PATH)) return undefined;
  return new UnreadableBody(
    new DomainError('unsupported_media_type', `Content-Type must be application/json, got ${type}`),
  );
}
