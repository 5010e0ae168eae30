import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DomainError, InvalidInputError } from '../errors/domain.error.js';

/** Deeper documents are refused: everything that walks a body afterwards is recursive. No DTO nests more than four levels. */
const MAX_DEPTH = 32;

/**
 * A body that could not be read. It travels to the handler as the body itself and is thrown by `BodyFaultInterceptor`:
 * Fastify parses before Nest's guards run, and a caller without a token has to get 401, not a comment on its JSON.
 */
export class UnreadableBody {
  constructor(readonly error: DomainError) {}
}

/**
 * How JSON bodies are read: none, an empty one and `{}` are the same, whatever the content type says (clients send
 * `application/json` on GET and DELETE too). A body of another type is refused with 415, unless a plugin takes it.
 */
export function readJsonBodies(fastify: FastifyInstance): void {
  const parse = fastify.getDefaultJsonParser('remove', 'remove');
  fastify.removeContentTypeParser(['application/json', 'text/plain', 'application/x-www-form-urlencoded']);
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    // Decoding would replace what is wrong, and store a name that nobody sent.
    if (!isUtf8(body)) return done(null, unreadable('is not UTF-8'));
    const text = body.toString().trim();
    if (text === '') return done(null, {});
    if (depthOf(text) > MAX_DEPTH) return done(null, unreadable(`nests deeper than ${MAX_DEPTH} levels`));
    void parse(request, text, (error: Error | null, value?: unknown) => {
      if (error) done(null, unreadable('is not valid JSON'));
      else if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        done(null, unreadable('must be a JSON object'));
      } else done(null, value);
    });
  });
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (request: FastifyRequest, body, done) => {
    if (body.length === 0) return done(null, {});
    const type = request.headers['content-type']?.split(';', 1)[0] ?? 'none';
    done(
      null,
      new UnreadableBody(
        new DomainError('unsupported_media_type', `Content-Type must be application/json, got ${type}`),
      ),
    );
  });
}

function unreadable(message: string): UnreadableBody {
  return new UnreadableBody(new InvalidInputError([{ field: 'body', message: `The body ${message}` }]));
}

/** Nesting of brackets outside strings, O(length). */
function depthOf(json: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let at = 0; at < json.length; at++) {
    const character = json[at];
    if (inString) {
      if (character === '\\') at++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{' || character === '[') deepest = Math.max(deepest, ++depth);
    else if (character === '}' || character === ']') depth--;
  }
  return deepest;
}
