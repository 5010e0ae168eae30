import { applyDecorators, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, getSchemaPath } from '@nestjs/swagger';
import { ApiProblem } from '../common/errors/problem-responses.decorator.js';
import { MEDIA_TYPES } from './export-format.js';

/** Documents a list that comes as a page, or as a file of the whole of it. */
export function ApiExportable(page: Type, item: Type): MethodDecorator {
  const itemName = item.name.replace(/Dto$/, '');
  return applyDecorators(
    ApiExtraModels(page, item),
    ApiOkResponse({
      description: 'A page, or the whole list as a file (`format`).',
      content: {
        [MEDIA_TYPES.json]: { schema: { $ref: getSchemaPath(page) } },
        [MEDIA_TYPES.csv]: {
          schema: {
            type: 'string',
            description:
              'A row for each item: UTF-8 with a byte order mark, CR LF, lists in a cell separated by `|`, users and ' +
              'entitlements also by their external ids, an apostrophe before what a spreadsheet would take for a formula.',
          },
        },
        [MEDIA_TYPES.ndjson]: {
          schema: { type: 'string', description: `A line for each item: a ${itemName} as JSON.` },
        },
      },
    }),
    ApiProblem(503, 'The database cannot be reached or is too busy, or too many exports are running; see Retry-After.'),
  );
}
