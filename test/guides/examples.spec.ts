import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TEST_SECRET } from '../support/test-service.js';
import { examplesOf, GuideError } from './guide.js';
import { Reader } from './reader.js';
import { Names, WrongStatementError } from './statement.js';

const fenced = (...blocks: [info: string, text: string][]): string =>
  blocks.map(([info, text]) => `Text.\n\n\`\`\`${info}\n${text}\n\`\`\`\n`).join('\n');

describe('the examples of a guide', () => {
  it('are requests with their answers, scripts with their output, files, and nothing of what is text only', () => {
    const markdown = fenced(
      ['http', 'GET http://host/'],
      ['http', 'HTTP/1.1 200 OK'],
      ['text', 'pg_dump'],
      ['sh', 'ls'],
      ['output', 'nothing'],
      ['sh background', 'cat'],
      ['ts main.ts', 'export {};'],
      ['sql', 'SELECT 1;\nSELECT 2;'],
      ['env', 'PORT=0'],
    );
    expect(examplesOf(markdown)).toEqual([
      { kind: 'http', line: 3, request: 'GET http://host/', answer: 'HTTP/1.1 200 OK' },
      { kind: 'sh', line: 21, script: 'ls', isBackground: false, output: 'nothing' },
      { kind: 'sh', line: 33, script: 'cat', isBackground: true, output: null },
      { kind: 'file', line: 39, name: 'main.ts', text: 'export {};' },
      { kind: 'sql', line: 45, statements: ['SELECT 1', '\nSELECT 2'] },
      { kind: 'env', line: 52, text: 'PORT=0' },
    ]);
  });

  it.each<[string, [string, string][]]>([
    ['of no kind', [['', 'ls']]],
    ['of a kind that nobody runs', [['bash', 'ls']]],
    ['of a program without a name', [['ts', 'export {};']]],
    ['with an answer to nothing', [['http', 'HTTP/1.1 200 OK']]],
    ['with an output of nothing', [['output', 'something']]],
    ['with an argument that means nothing', [['sh quietly', 'ls']]],
    [
      'with a second answer',
      [
        ['http', 'GET http://host/'],
        ['http', 'HTTP/1.1 200 OK'],
        ['http', 'HTTP/1.1 200 OK'],
      ],
    ],
  ])('are refused with a block %s', (_, blocks) => {
    expect(() => examplesOf(fenced(...blocks))).toThrow(GuideError);
  });

  it('are refused with a block that has no end', () => {
    expect(() => examplesOf('```sh\nls')).toThrow('Line 1: the block has no end');
  });
});

describe('a statement about JSON', () => {
  const actual = { id: 'a1', count: 2, list: [1, 2], nested: { left: null, right: 'of it' } };
  const holds = (stated: string): void => new Names().checkJson(stated, actual);

  it.each([
    '{ "id": "…", "count": …, "list": [1, 2], "nested": { "left": null, "right": "of it" } }',
    '{ "count": 2, … }',
    '{ "list": [1, …], "nested": { "right": "of…", … }, … }',
    '{ "list": [1, 2, …], … }',
    '{ … }',
  ])('may be %s', (stated) => {
    expect(() => holds(stated)).not.toThrow();
  });

  it.each([
    ['{ "count": 3, … }', 'The answer.count is 2 and not 3'],
    ['{ "count": "2", … }', 'The answer.count is 2 and not "2"'],
    ['{ "list": [1], … }', 'The answer.list has 2 items and not 1: [1,2]'],
    ['{ "list": [1, 2, 3, …], … }', 'The answer.list has 2 items and not 3: [1,2]'],
    ['{ "nested": { "left": null }, … }', 'The answer.nested has right as well'],
    ['{ "missing": …, … }', 'The answer.missing is undefined and not "…"'],
    ['{ "id": "b…", … }', 'The answer.id is\na1\nand not\nb…'],
  ])('is wrong as %s', (stated, message) => {
    expect(() => holds(stated)).toThrow(new WrongStatementError(message));
  });
});

describe('a name', () => {
  it('is given by the first answer that has it, and is the same from then on', () => {
    const names = new Names();
    names.checkJson('{ "id": "{{job}}", "url": "/jobs/{{job}}" }', { id: 'a1', url: '/jobs/a1' });
    expect(names.fill('GET /jobs/{{job}}')).toBe('GET /jobs/a1');
    expect(() => names.checkText('{{job}}', 'a2', 'It')).toThrow(WrongStatementError);
  });

  it('is the same within one text', () => {
    expect(() => new Names().checkText('{{a}} and {{a}}', '1 and 2', 'It')).toThrow(WrongStatementError);
  });

  it('cannot be used before', () => {
    expect(() => new Names().fill('{{job}}')).toThrow('{{job}} has not been given before');
  });
});

describe('a reader', () => {
  let server: Server;
  let reader: Reader;
  beforeAll(async () => {
    server = createServer((request, response) => {
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify({ method: request.method, token: request.headers.authorization ?? null }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    reader = new Reader('examples-of-the-spec', {
      names: { host: `http://127.0.0.1:${port}` },
      token: 'good',
      environment: { JWT_SECRET: TEST_SECRET },
    });
  });
  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
    await reader[Symbol.asyncDispose]();
  });
  const follow = async (...blocks: [string, string][]): Promise<void> => {
    for (const example of examplesOf(fenced(...blocks))) await reader.follow(example);
  };

  it('finds right what is so', async () => {
    await follow(
      ['http', 'DELETE {{host}}/'],
      ['http', 'HTTP/1.1 200 OK\nContent-Type: application/json\n\n{ "method": "DELETE", "token": "Bearer good" }'],
      ['csv of.csv', 'a,b'],
      ['env', 'LOG_LEVEL=warn'],
      ['sh', 'cat of.csv; echo $LOG_LEVEL'],
      ['output', 'a,b\nwarn'],
    );
  });

  it.each<[string, [string, string][], string]>([
    [
      'status',
      [
        ['http', 'GET {{host}}/'],
        ['http', 'HTTP/1.1 201 Created'],
      ],
      'The answer is HTTP/1.1 200 OK',
    ],
    [
      'header',
      [
        ['http', 'GET {{host}}/'],
        ['http', 'HTTP/1.1 200 OK\nContent-Type: text/csv'],
      ],
      'Content-Type is',
    ],
    [
      'body',
      [
        ['http', 'GET {{host}}/'],
        ['http', 'HTTP/1.1 200 OK\n\n{ "method": "PUT", … }'],
      ],
      '.method is',
    ],
    [
      'output',
      [
        ['sh', 'echo one'],
        ['output', 'two'],
      ],
      'The output is\none\nand not\ntwo',
    ],
    ['success', [['sh', 'echo so; exit 3']], 'Ended with 3: so'],
    ['configuration', [['env', 'LOG_LEVEL=loud']], 'LOG_LEVEL: read "loud"'],
  ])('finds a wrong %s', async (_, blocks, message) => {
    await expect(follow(...blocks)).rejects.toThrow(message);
  });

  it('finds programs that do not compile', async () => {
    const program = { kind: 'file', line: 1, name: 'wrong.ts', text: "export const one: number = '1';" } as const;
    await expect(reader.compile([program])).rejects.toThrow('wrong.ts(1,14)');
  });
});
