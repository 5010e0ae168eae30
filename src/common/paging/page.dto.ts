import { type Type } from '@nestjs/common';
import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { PageQuery } from './page.query.js';

/** A part of a list. */
export interface Page<T> {
  items: T[];
  total: number;
  page: number;
  page_size: number;
}

export function pageOf<T>(items: T[], total: number, query: PageQuery): Page<T> {
  return { items, total, page: Math.floor(query.offset / query.limit) + 1, page_size: query.limit };
}

/** The OpenAPI class of a page of `itemType`. */
export function PageDto<T extends object>(itemType: Type<T>): Type<Page<T>> {
  @ApiSchema({ name: `${itemType.name.replace(/Dto$/, '')}Page` })
  class PageOfItems implements Page<T> {
    @ApiProperty({ type: [itemType], description: 'The items of this page, in the order of the list.' })
    items!: T[];

    @ApiProperty({ type: 'integer', description: 'Items in the whole list.', example: 42 })
    total!: number;

    @ApiProperty({ type: 'integer', description: 'Number of this page, from 1: offset ÷ limit, rounded down, + 1.' })
    page!: number;

    @ApiProperty({ type: 'integer', description: 'The limit that was used.', example: 50 })
    page_size!: number;
  }
  return PageOfItems;
}

/** The OpenAPI class of a page of ids. */
export class IdPageDto implements Page<string> {
  @ApiProperty({ type: [String], format: 'uuid', description: 'The ids of this page, in the order of the list.' })
  items!: string[];

  @ApiProperty({ type: 'integer', description: 'Ids in the whole list.' })
  total!: number;

  @ApiProperty({ type: 'integer', description: 'Number of this page, from 1.' })
  page!: number;

  @ApiProperty({ type: 'integer', description: 'The limit that was used.' })
  page_size!: number;
}
