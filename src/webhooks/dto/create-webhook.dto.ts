import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ArrayMinSize, IsArray, IsIn, IsString } from 'class-validator';
import { textRule } from '../../common/validation/text.js';
import { DOMAIN_EVENT_TYPES, type DomainEventType } from '../../domain-events/domain-event.js';

export class CreateWebhookDto {
  /** Where messages are posted to: https, and a host with a public address.
   * @example 'https://example.com/hooks/role-mining'
   */
  @textRule({ minimum: 1, maximum: 2000, forbidden: /\p{Cc}/u, forbiddenText: 'control characters' })
  @IsString()
  url!: string;

  /** What it is told of. */
  @ApiProperty({ enum: DOMAIN_EVENT_TYPES, enumName: 'WebhookEventType', isArray: true, minItems: 1 })
  @Transform(({ value }: { value: unknown }) => (Array.isArray(value) ? [...new Set(value as unknown[])] : value))
  @IsIn(DOMAIN_EVENT_TYPES, { each: true })
  @ArrayMinSize(1)
  @IsArray()
  event_types!: DomainEventType[];
}
