import { ApiProperty } from '@nestjs/swagger';

export class EventTicketDto {
  /** Opens the job's events once, as `?ticket=…`. */
  ticket!: string;

  /** When it can no longer be used. A stream that it has opened ends when the token that it was got with expires. */
  @ApiProperty({ format: 'date-time' })
  expires_at!: string;
}
