import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { ApiOkResponse, ApiProperty, DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import fc from 'fast-check';
import { IdPageDto, PageDto, pageOf } from './page.dto.js';

describe('pageOf', () => {
  it.each([
    [0, 50, 1],
    [49, 50, 1],
    [50, 50, 2],
    [99, 50, 2],
    [7, 1, 8],
    [2 ** 31 - 1, 1, 2 ** 31],
  ])('numbers the page at offset %d with limit %d as %d', (offset, limit, page) => {
    expect(pageOf(['a'], 42, { offset, limit })).toEqual({ items: ['a'], total: 42, page, page_size: limit });
  });

  it('gives neighbouring pages neighbouring numbers', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.nat(1000), (limit, pages) => {
        expect(pageOf([], 0, { offset: pages * limit, limit }).page).toBe(pages + 1);
      }),
    );
  });
});

class ThingDto {
  @ApiProperty()
  name!: string;
}

@Controller()
class ThingsController {
  @Get('things')
  @ApiOkResponse({ type: PageDto(ThingDto) })
  things(): void {}

  @Get('ids')
  @ApiOkResponse({ type: IdPageDto })
  ids(): void {}
}

@Module({ controllers: [ThingsController] })
class ThingsModule {}

describe('the OpenAPI classes of pages', () => {
  const described = { description: expect.stringMatching(/\w/) as unknown };
  const integer = { ...described, type: 'integer' };

  it('are named after their items, and describe what pageOf returns', async () => {
    const application = await NestFactory.create(ThingsModule, new FastifyAdapter(), { logger: false });
    const { components } = SwaggerModule.createDocument(application, new DocumentBuilder().build());
    await application.close();
    const required = Object.keys(pageOf([], 0, { offset: 0, limit: 1 }));
    expect(components?.schemas).toEqual({
      ThingDto: expect.anything() as unknown,
      ThingPage: {
        type: 'object',
        properties: {
          items: { ...described, type: 'array', items: { $ref: '#/components/schemas/ThingDto' } },
          total: { ...integer, example: 42 },
          page: integer,
          page_size: { ...integer, example: 50 },
        },
        required,
      },
      IdPageDto: {
        type: 'object',
        properties: {
          items: { ...described, type: 'array', items: { type: 'string', format: 'uuid' } },
          total: integer,
          page: integer,
          page_size: integer,
        },
        required,
      },
    });
  });
});
