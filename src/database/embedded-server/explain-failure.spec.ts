import { describe, expect, it } from '@jest/globals';
import { EmbeddedServerError } from './embedded-server.error.js';
import { explainFailure } from './explain-failure.js';

const failure = (code: string) => Object.assign(new Error(`${code}: mkdir`), { code });

describe('explainFailure', () => {
  it.each([
    ['a full disk, told by the file system', failure('ENOSPC'), 'the disk is full'],
    [
      'a full disk, told by initdb',
      new EmbeddedServerError('initdb: could not write to file: No space left on device'),
      'the disk is full',
    ],
    ['a folder of somebody else', failure('EACCES'), 'it cannot be written by this user'],
    ['a read-only mount', failure('EROFS'), 'it is mounted read-only'],
    ['anything else, in its own words', new Error('unheard of'), 'unheard of'],
  ])('says what to do about %s', (_, error, hint) => {
    expect(explainFailure(error, '/data')).toEqual(
      new EmbeddedServerError(
        `The embedded PostgreSQL cannot keep its files in /data: ${hint}. Set DATA_DIR to another folder`,
      ),
    );
  });

  it('leaves what is clear already', () => {
    const error = new EmbeddedServerError('/data was written by PostgreSQL 17');
    expect(explainFailure(error, '/data')).toBe(error);
  });
});
