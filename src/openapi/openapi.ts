import { STATUS_CODES } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { ProblemDto } from '../common/errors/problem.dto.js';

type PathItem = OpenAPIObject['paths'][string];
type Operation = NonNullable<PathItem['get']>;

/** Refusals that can happen everywhere (wire conventions, "Status codes"). */
const EVERYWHERE: Readonly<Record<string, string>> = {
  400: 'A malformed id, query or body; `errors` names the field, the rule and the value.',
  413: 'The body is too large.',
  415: 'The body is of a type that is not accepted.',
  429: 'Too many requests; see Retry-After.',
  500: 'Something went wrong in the service.',
  503: 'The database cannot be reached or is too busy at the moment; see Retry-After.',
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

function describeRefusals(operation: Operation): void {
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemDto' } } };
  for (const [status, description] of Object.entries(EVERYWHERE)) {
    operation.responses[status] ??= { description, content };
  }
  operation.responses = Object.fromEntries(Object.entries(operation.responses).sort());
}

/** `/docs` for people, `/openapi.json` for machines. */
export function serveOpenApi(app: INestApplication, document: OpenAPIObject): void {
  SwaggerModule.setup('docs', app, document, {
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
    swaggerOptions: { persistAuthorization: true },
  });
}
