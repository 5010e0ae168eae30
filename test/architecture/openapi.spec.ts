import { beforeAll, describe, expect, it } from '@jest/globals';
import type { OpenAPIObject } from '@nestjs/swagger';
import { Validator } from '@seriousme/openapi-schema-validator';
import { previewService } from '../../scripts/openapi/service-document.js';
import { type Route, routesOf } from '../support/routes.js';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
/** Wire conventions, "Status codes": these can happen on every guarded route. */
const EVERYWHERE = ['400', '401', '403', '413', '415', '429', '500', '503'];
/** Names that need no explanation; every other property has one. */
const PLAIN = /^(id|.+_ids?|name|created_at|updated_at|value|description)$/;
const SNAKE_CASE = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly maximum?: number;
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
  readonly additionalProperties?: boolean | Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
}
interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly description?: string;
  readonly schema?: Schema;
}
interface Media {
  readonly schema?: Schema;
}
interface Response {
  readonly description: string;
  readonly content?: Readonly<Record<string, Media>>;
}
interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly object[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, Response>>;
}
interface Described {
  /** Such as `GET /path/{id}`. */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

let document: OpenAPIObject;
let routes: Route[];
let operations: Described[];
let guarded: Described[];
beforeAll(async () => {
  const preview = await previewService();
  document = preview.document;
  routes = routesOf(preview.app);
  operations = Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method] as Operation | undefined;
      return operation === undefined ? [] : [{ name: `${method.toUpperCase()} ${path}`, method, path, operation }];
    }),
  );
  guarded = operations.filter(({ path }) => path.startsWith('/governance/'));
});

/** Names of the operations that do not meet a condition. */
const failing = (of: readonly Described[], isGood: (operation: Operation, described: Described) => boolean): string[] =>
  of.filter((described) => !isGood(described.operation, described)).map(({ name }) => name);

const successes = ({ responses }: Operation): [string, Response][] =>
  Object.entries(responses).filter(([status]) => status.startsWith('2'));

/** Every schema of the document with the way to it: named ones, their parts, and those of parameters and bodies. */
function* schemas(): Iterable<[where: string, schema: Schema]> {
  function* within(where: string, schema: Schema): Iterable<[string, Schema]> {
    yield [where, schema];
    for (const [name, property] of Object.entries(schema.properties ?? {})) yield* within(`${where}.${name}`, property);
    if (schema.items) yield* within(`${where}[]`, schema.items);
    if (typeof schema.additionalProperties === 'object') yield* within(`${where}{}`, schema.additionalProperties);
  }
  for (const [name, schema] of Object.entries(document.components?.schemas ?? {}))
    yield* within(name, schema as Schema);
  for (const { name, operation } of operations) {
    for (const parameter of operation.parameters ?? [])
      yield* within(`${name} ?${parameter.name}`, parameter.schema ?? {});
    const bodies = [operation.requestBody ?? {}, ...Object.values(operation.responses)] as Pick<Response, 'content'>[];
    for (const { content } of bodies) {
      for (const [type, media] of Object.entries(content ?? {})) yield* within(`${name} ${type}`, media.schema ?? {});
    }
  }
}

describe('the OpenAPI document', () => {
  it('is valid', async () => {
    const { valid, errors } = await new Validator().validate(
      structuredClone(document) as unknown as Record<string, unknown>,
    );
    expect({ valid, errors }).toEqual({ valid: true, errors: undefined });
  });

  it('has every route that the router answers, and no other', () => {
    const answered = routes
      .filter(({ path, method }) => path !== '/metrics' && method !== 'HEAD')
      .map(({ method, path }) => `${method} ${path.replace(/:([a-z_]+)/g, '{$1}')}`);
    expect(answered).toContain('POST /governance/role-mining/jobs/{job_id}/run');
    expect(operations.map(({ name }) => name).sort()).toEqual(answered.sort());
  });

  it('gives every operation a summary, a tag and an id of its own', () => {
    expect(failing(operations, ({ summary }) => /^\S.{5,200}\.$/.test(summary ?? ''))).toEqual([]);
    expect(failing(operations, ({ tags }) => tags?.length === 1)).toEqual([]);
    expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(operations.length);
  });

  it('says which operations need a token: all but the probes', () => {
    expect(failing(guarded, ({ security }) => JSON.stringify(security) === '[{"bearer":[]}]')).toEqual([]);
    expect(document.components?.securitySchemes?.['bearer']).toMatchObject({ type: 'http', scheme: 'bearer' });
    expect(operations.filter((described) => !guarded.includes(described)).map(({ name }) => name)).toEqual([
      'GET /health/live',
      'GET /health/ready',
    ]);
  });

  it('describes what each operation answers', () => {
    const isDescribed = (operation: Operation): boolean =>
      successes(operation).length > 0 &&
      successes(operation).every(
        ([status, { description, content }]) =>
          description !== '' &&
          (status === '204'
            ? content === undefined
            : Object.values(content ?? {}).length > 0 && Object.values(content ?? {}).every(({ schema }) => schema)),
      );
    expect(failing(operations, isDescribed)).toEqual([]);
  });

  it('describes the refusals of each operation, as problem documents', () => {
    expect(failing(guarded, ({ responses }) => EVERYWHERE.every((status) => status in responses))).toEqual([]);
    expect(failing(guarded, ({ responses }, { path }) => !path.includes('{') || '404' in responses)).toEqual([]);
    const isProblem = ({ description, content }: Response): boolean =>
      description !== '' &&
      JSON.stringify(content) ===
        JSON.stringify({ 'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemDto' } } });
    expect(
      failing(operations, ({ responses }) =>
        Object.entries(responses).every(([status, response]) => status.startsWith('2') || isProblem(response)),
      ),
    ).toEqual([]);
  });

  it('describes parameters: ids are UUIDs, all others say what they do', () => {
    const isDescribed = (parameter: Parameter): boolean =>
      parameter.in === 'path'
        ? parameter.schema?.type === 'string' && 'format' in parameter.schema
        : (parameter.description ?? '') !== '';
    expect(failing(operations, ({ parameters = [] }) => parameters.every(isDescribed))).toEqual([]);
  });

  it('tells clients to send an Idempotency-Key where it has an effect', () => {
    expect(
      failing(guarded, ({ parameters = [] }, { method }) => {
        const takesKey = parameters.some(
          (parameter) => parameter.in === 'header' && parameter.name === 'Idempotency-Key',
        );
        return takesKey === ['post', 'delete'].includes(method);
      }),
    ).toEqual([]);
  });

  it('knows a type for every value', () => {
    const untyped = [...schemas()].filter(
      ([, { type, $ref, allOf, oneOf }]) => type === undefined && $ref === undefined && !allOf && !oneOf,
    );
    expect(untyped.map(([where]) => where)).toEqual([]);
  });

  it('explains every property whose name does not', () => {
    const named = Object.entries(document.components?.schemas ?? {}) as [string, Schema][];
    const unexplained = named.flatMap(([schemaName, { properties = {} }]) =>
      Object.entries(properties)
        .filter(([name, { description, $ref }]) => !description && !$ref && !PLAIN.test(name))
        .map(([name]) => `${schemaName}.${name}`),
    );
    expect(unexplained).toEqual([]);
  });

  it('has no leftovers of comment tags in its texts', () => {
    const texts = JSON.stringify(document).match(/"(?:description|summary)":"(?:[^"\\]|\\.)*"/g) ?? [];
    expect(texts.length).toBeGreaterThan(100);
    expect(texts.filter((text) => /@\w+/.test(text))).toEqual([]);
  });

  it('names everything on the wire in snake_case', () => {
    const properties = [...schemas()].flatMap(([, schema]) => Object.keys(schema.properties ?? {}));
    const parameters = operations.flatMap(({ operation }) =>
      (operation.parameters ?? []).filter((parameter) => parameter.in !== 'header').map(({ name }) => name),
    );
    expect([...properties, ...parameters].filter((name) => !SNAKE_CASE.test(name))).toEqual([]);
  });

  it('sets no maximum for limit: larger values are clamped, not refused', () => {
    const limits = operations.flatMap(({ operation }) =>
      (operation.parameters ?? []).filter(({ name }) => name === 'limit'),
    );
    expect(limits.length).toBeGreaterThan(4);
    expect(limits.filter(({ schema }) => schema?.maximum !== undefined)).toEqual([]);
  });

  it('leaves objects open: clients may send more', () => {
    expect([...schemas()].filter(([, schema]) => schema.additionalProperties === false)).toEqual([]);
  });
});
