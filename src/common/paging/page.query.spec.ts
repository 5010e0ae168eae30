import { describe, expect, it } from '@jest/globals';
import { createValidationPipe } from '../validation/validation.pipe.js';
import { PageQuery } from './page.query.js';

/** What a list takes a query for, or the refusal. */
async function readOf(query: Record<string, unknown>): Promise<unknown> {
  try {
    return {
      ...((await createValidationPipe().transform(query, { type: 'query', metatype: PageQuery })) as PageQuery),
    };
  } catch (refusal) {
    return (refusal as Error).message;
  }
}

describe('PageQuery', () => {
  it.each([
    [{}, { limit: 50, offset: 0 }],
    [
      { limit: '1', offset: '0' },
      { limit: 1, offset: 0 },
    ],
    [{ limit: '100' }, { limit: 100, offset: 0 }],
    [{ limit: '101' }, { limit: 100, offset: 0 }],
    [{ limit: '999999999999' }, { limit: 100, offset: 0 }],
    [{ offset: '2147483647' }, { limit: 50, offset: 2147483647 }],
  ])('takes %j for %j', async (query, page) => {
    expect(await readOf(query)).toEqual(page);
  });

  it.each([
    [{ limit: '0' }, 'limit must not be less than 1, got 0'],
    [{ limit: '-1' }, 'limit must not be less than 1, got -1'],
    [{ limit: '' }, 'limit must be an integer number, got ""'],
    [{ limit: ['1', '2'] }, 'limit must be an integer number, got ["1","2"]'],
    [{ offset: '-1' }, 'offset must not be less than 0, got -1'],
    [{ offset: '1.5' }, 'offset must be an integer number, got "1.5"'],
    [{ offset: '2147483648' }, 'offset must not be greater than 2147483647, got 2147483648'],
  ])('refuses %j', async (query, message) => {
    expect(await readOf(query)).toBe(message);
  });
});
