import { afterAll, beforeAll, describe, it, jest } from '@jest/globals';
import { BEGINNINGS } from './beginnings.js';
import { isProgram, readGuide } from './guide.js';
import { Reader } from './reader.js';

/** About 20 s in all on a machine of two cores; other specs run beside it. */
jest.setTimeout(180_000);

describe.each(Object.entries(BEGINNINGS))('the guide for %s', (guide, begin) => {
  const examples = readGuide(`${guide}.md`);
  const stack = new AsyncDisposableStack();
  let reader: Reader;
  beforeAll(async () => {
    reader = stack.use(new Reader(guide, await begin(stack)));
  });
  // Fails when something that was started in the background does not end as it should.
  afterAll(() => stack.disposeAsync());

  if (examples.some(isProgram)) it('has programs that compile', () => reader.compile(examples.filter(isProgram)));

  it('says what is so', async () => {
    for (const example of examples) {
      try {
        await reader.follow(example);
      } catch (error) {
        const where = `docs/guides/${guide}.md:${example.line}`;
        throw new Error(`${where}: ${(error as Error).message}`, { cause: error });
      }
    }
  });
});
