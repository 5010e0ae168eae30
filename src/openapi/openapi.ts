import { STATUS_CODES } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { ProblemDto } from '../common/errors/problem.dto.js';
import { policyOfPage } from '../common/http/security-headers.js';

type PathItem = OpenAPIObject['paths'][string];
type Operation = NonNullable<PathItem['get']>;

/** Refusals that can happen everywhere (wire conventions, "Status codes"). */
const EVERYWHERE: Readonly<Record<string, string>> = {
  400: 'A malformed id, query or body; `errors` names the field, the rule and the value.',
  408: 'The body did not arrive in time.',
  413: 'The body is too large.',
  414: 'An id in the path is far too long.',
  415: 'The body is of a type that is not accepted.',
  429: 'Too many requests of the caller or the tenant within a minute, or failed authentications from the address; see Retry-After and RateLimit.',
  431: 'The path and the headers are too large.',
  500: 'Something went wrong in the service.',
  503: 'The database cannot be reached or is too busy at the moment; see Retry-After.',
};

const RETRY_AFTER = { description: 'Seconds after which to try again.', schema: { type: 'integer' } } as const;
const HEADERS: Readonly<Record<string, Record<string, { description: string; schema: { type: string } }>>> = {
  429: {
    'Retry-After': RETRY_AFTER,
    'RateLimit-Policy': { description: 'The quotas and their windows in seconds.', schema: { type: 'string' } },
    RateLimit: { description: 'What is left of them, and for how long.', schema: { type: 'string' } },
  },
  503: { 'Retry-After': RETRY_AFTER },
};

/** What the idempotency interceptor reads. */
const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'Makes a retry safe: the same key within 24 hours gets the first answer again.',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
} as const;

const TEXT = `Proposes the roles that an organisation should have, flags people with more access than their peers, and finds roles that overlap.

Every call needs a bearer token of an administrator and works on the token's tenant only. Unknown fields and parameters are ignored.
Errors are problem documents (RFC 9457). Retried POST and DELETE calls are safe with an \`Idempotency-Key\`.`;

/** The API's description, made from controllers, DTOs and their comments. */
export function openApiDocument(app: INestApplication, options: { version: string; basePath: string }): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setTitle('Role mining')
    .setDescription(TEXT)
    .setVersion(options.version)
    .addBearerAuth()
    .addServer(options.basePath || '/');
  const document = SwaggerModule.createDocument(app, builder.build(), {
    extraModels: [ProblemDto],
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
  });
  for (const [path, item] of Object.entries(document.paths)) {
    for (const operation of operationsOf(item)) {
      splitComment(operation);
      describeSuccess(operation);
      describeLists(operation);
      if (path.startsWith('/governance/')) describeRefusals(operation);
    }
    if (!path.startsWith('/governance/')) continue;
    for (const operation of [item.post, item.delete]) operation?.parameters?.push(IDEMPOTENCY_KEY);
  }
  return document;
}

function operationsOf(item: PathItem): Operation[] {
  return [item.get, item.post, item.put, item.patch, item.delete].filter((operation) => operation !== undefined);
}

/** A handler's comment arrives as its summary: the first sentence is one, the rest is a description. */
function splitComment(operation: Operation): void {
  const text = (operation.summary ?? '').replace(/\s+/g, ' ');
  const end = text.indexOf('. ') + 1;
  if (end === 0) {
    operation.summary = text;
  } else {
    operation.summary = text.slice(0, end);
    operation.description = text.slice(end + 1);
  }
}

function describeSuccess(operation: Operation): void {
  for (const [status, response] of Object.entries(operation.responses)) {
    if (response !== undefined && 'description' in response) response.description ||= STATUS_CODES[status] ?? '';
  }
}

/** Lists in a query are one parameter with commas: a repeated one is refused. */
function describeLists(operation: Operation): void {
  for (const parameter of operation.parameters ?? []) {
    if ('in' in parameter && parameter.in === 'query' && parameter.schema && 'type' in parameter.schema) {
      if (parameter.schema.type === 'array') Object.assign(parameter, { style: 'form', explode: false });
    }
  }
}

function describeRefusals(operation: Operation): void {
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemDto' } } };
  for (const [status, description] of Object.entries(EVERYWHERE)) {
    const headers = HEADERS[status];
    operation.responses[status] ??= { description, content, ...(headers && { headers }) };
  }
  operation.responses = Object.fromEntries(Object.entries(operation.responses).sort());
}

/** `/docs` for people, `/openapi.json` for machines. */
export function serveOpenApi(app: INestApplication, document: OpenAPIObject): void {
  const fastify = (app as NestFastifyApplication).getHttpAdapter().getInstance();
  fastify.addHook('onSend', (request, reply, payload, done) => {
    const isPage = typeof payload === 'string' && String(reply.getHeader('Content-Type')).startsWith('text/html');
    if (isPage && request.url.startsWith('/docs')) void reply.header('Content-Security-Policy', policyOfPage(payload));
    done();
  });
  SwaggerModule.setup('docs', app, document, {
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
    swaggerOptions: { persistAuthorization: true },
  });
}
