import { describe, expect, it } from '@jest/globals';
import { breakingChanges } from '../../scripts/openapi/breaking-changes.js';

/* eslint-disable @typescript-eslint/no-explicit-any, @typescript-eslint/no-unsafe-return, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-member-access --
   each case changes a document of plain JSON in one place */
type Change = (document: any) => void;

const DOCUMENT = {
  paths: {
    '/jobs/{id}': {
      get: {
        operationId: 'get',
        parameters: [
          { name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } },
          { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 100 } },
          { name: 'status', in: 'query', schema: { $ref: '#/components/schemas/Status' } },
        ],
        responses: {
          200: {
            content: {
              'application/json': { schema: { $ref: '#/components/schemas/Job' } },
              'text/csv': { schema: { type: 'string' } },
            },
          },
          404: { content: { 'application/problem+json': { schema: { type: 'object' } } } },
        },
      },
      post: {
        operationId: 'post',
        requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/NewJob' } } } },
        responses: { 204: {} },
      },
    },
  },
  components: {
    schemas: {
      Line: { type: 'object', required: ['id'], properties: { id: { type: 'string' } } },
      Status: { type: 'string', enum: ['open', 'done'] },
      NewJob: {
        type: 'object',
        required: ['name'],
        properties: { name: { type: 'string', maxLength: 255 }, note: { type: 'string', nullable: true } },
      },
      Job: {
        type: 'object',
        required: ['id', 'children'],
        properties: {
          id: { type: 'string' },
          status: { allOf: [{ $ref: '#/components/schemas/Status' }] },
          children: { type: 'array', items: { $ref: '#/components/schemas/Job' } },
        },
      },
    },
  },
};

function after(change: Change): string[] {
  const changed = structuredClone(DOCUMENT);
  change(changed);
  return breakingChanges(DOCUMENT, changed);
}

const get = (document: any): any => document.paths['/jobs/{id}'].get;
const schemas = (document: any): any => document.components.schemas;

describe('a change of the API breaks clients when', () => {
  it.each<[string, Change, string]>([
    ['a path is removed', (d) => delete d.paths['/jobs/{id}'], 'GET /jobs/{id} has been removed'],
    ['a method is removed', (d) => delete d.paths['/jobs/{id}'].post, 'POST /jobs/{id} has been removed'],
    ['an operation is renamed', (d) => (get(d).operationId = 'read'), 'GET /jobs/{id} has another operationId, read'],
    ['a parameter is removed', (d) => get(d).parameters.pop(), 'query parameter "status" has been removed'],
    ['a parameter becomes required', (d) => (get(d).parameters[1].required = true), '"limit" is required now'],
    [
      'a required parameter is added',
      (d) => get(d).parameters.push({ name: 'kind', in: 'query', required: true, schema: { type: 'string' } }),
      'query parameter "kind" is new and required',
    ],
    ['a range is narrowed', (d) => (get(d).parameters[1].schema.maximum = 50), 'has a lower maximum, 50'],
    ['a range begins later', (d) => (get(d).parameters[1].schema.minimum = 2), 'has a higher minimum, 2'],
    ['a type changes', (d) => (get(d).parameters[1].schema.type = 'string'), '"limit" is string now, was integer'],
    ['a format changes', (d) => delete get(d).parameters[0].schema.format, 'has the format none now, had uuid'],
    ['an answer is removed', (d) => delete get(d).responses[404], 'GET /jobs/{id} 404 has been removed'],
    ['another success is added', (d) => (get(d).responses[202] = {}), 'GET /jobs/{id} 202 is a new success'],
    [
      'a content type is removed',
      (d) => delete get(d).responses[200].content['text/csv'],
      '200 text/csv has been removed',
    ],
    ['an enum loses a value', (d) => schemas(d).Status.enum.pop(), 'Status has no value "done" any more'],
    ['a field of an answer is removed', (d) => delete schemas(d).Job.properties.id, 'Job.id has been removed'],
    ['a field of an answer can be missing', (d) => schemas(d).Job.required.shift(), 'Job.id can be missing now'],
    [
      'a field of an answer can be null',
      (d) => (schemas(d).Job.properties.id.nullable = true),
      'Job.id can be null now',
    ],
    ['a line of a stream loses a field', (d) => delete schemas(d).Line.properties.id, 'Line.id has been removed'],
    ['a field of a body is removed', (d) => delete schemas(d).NewJob.properties.note, 'NewJob.note has been removed'],
    [
      'a field of a body becomes required',
      (d) => schemas(d).NewJob.required.push('note'),
      'NewJob.note is required now',
    ],
    [
      'a field of a body must not be null',
      (d) => delete schemas(d).NewJob.properties.note.nullable,
      'must not be null now',
    ],
    ['a text must match', (d) => (schemas(d).NewJob.properties.name.pattern = '^a'), 'NewJob.name must match ^a now'],
    ['a text is limited to values', (d) => (schemas(d).NewJob.properties.name.enum = ['a']), 'certain values only now'],
    [
      'a body becomes required',
      (d) => (d.paths['/jobs/{id}'].post.requestBody.required = true),
      'body is required now',
    ],
    [
      'a required field of a body is added',
      (d) => {
        schemas(d).NewJob.properties.kind = { type: 'string' };
        schemas(d).NewJob.required.push('kind');
      },
      'NewJob.kind is new and required',
    ],
    [
      'items change their type',
      (d) => (schemas(d).Job.properties.children.items = { type: 'string' }),
      'Job.children[] is string now',
    ],
  ])('%s', (_, change, sentence) => {
    const changes = after(change);
    expect(changes.join('\n')).toContain(sentence);
  });
});

describe('a change of the API breaks nobody when', () => {
  it.each<[string, Change]>([
    ['nothing changes', () => undefined],
    ['a text changes', (d) => (get(d).summary = 'Another')],
    ['a path is added', (d) => (d.paths['/more'] = { get: { responses: { 200: {} } } })],
    ['an optional parameter is added', (d) => get(d).parameters.push({ name: 'kind', in: 'query', schema: {} })],
    ['an optional field of a body is added', (d) => (schemas(d).NewJob.properties.kind = { type: 'string' })],
    ['a field of an answer is added', (d) => (schemas(d).Job.properties.kind = { type: 'string' })],
    ['a field of an answer becomes certain', (d) => schemas(d).Job.required.push('status')],
    ['an enum gets another value', (d) => schemas(d).Status.enum.push('late')],
    ['a range is widened', (d) => delete get(d).parameters[1].schema.maximum],
    ['a field of a body becomes optional', (d) => schemas(d).NewJob.required.pop()],
    ['a refusal is added', (d) => (get(d).responses[409] = {})],
    ['a content type is added', (d) => (get(d).responses[200].content['text/html'] = { schema: { type: 'string' } })],
  ])('%s', (_, change) => {
    expect(after(change)).toEqual([]);
  });
});
