import type { FastifyRequest } from 'fastify';
import Negotiator from 'negotiator';

export const LIST_FORMATS = ['json', 'csv', 'ndjson'] as const;
export type ListFormat = (typeof LIST_FORMATS)[number];
/** What is streamed as a file; `json` is the page that a list always was. */
export type ExportFormat = Exclude<ListFormat, 'json'>;

export const MEDIA_TYPES: Readonly<Record<ListFormat, string>> = {
  json: 'application/json',
  csv: 'text/csv',
  ndjson: 'application/x-ndjson',
};

/**
 * The format that a call of a list asks for: by `format`, which wins, or by `Accept`. Whoever accepts nothing that there
 * is gets JSON, as all did before there was a choice.
 */
export function listFormatOf(request: Pick<FastifyRequest, 'query' | 'raw'>): ListFormat {
  const { format } = request.query as { format?: unknown };
  if (format !== undefined) return LIST_FORMATS.find((known) => known === format) ?? 'json';
  const preferred = new Negotiator(request.raw).mediaType(LIST_FORMATS.map((known) => MEDIA_TYPES[known]));
  return LIST_FORMATS.find((known) => MEDIA_TYPES[known] === preferred) ?? 'json';
}
