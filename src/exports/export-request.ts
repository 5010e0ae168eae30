import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ListRange } from '../common/paging/list-source.js';
import { type ExportFormat, listFormatOf } from './export-format.js';

export interface ExportRequest extends ListRange {
  readonly format: ExportFormat;
}

/**
 * The export that a call of a list asks for; null when it asks for a page. What `limit` and `offset` hold is checked by the
 * query's own class, which cannot tell a default from what was sent.
 */
export const RequestedExport = createParamDecorator((_: unknown, context: ExecutionContext): ExportRequest | null => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const format = listFormatOf(request);
  // Nothing is exported by HEAD: the router answers it by the GET handler, and drops what that has read.
  if (format === 'json' || request.method === 'HEAD') return null;
  void context.switchToHttp().getResponse<FastifyReply>().header('Cache-Control', 'no-store');
  const { offset, limit } = request.query as { offset?: string; limit?: string };
  return { format, offset: Number(offset ?? 0), limit: limit === undefined ? null : Number(limit) };
});
