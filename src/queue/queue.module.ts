import { Global, Module } from '@nestjs/common';
import { QueueConnection } from './queue-connection.js';

/** The connection to the queue, for everybody who hands out work or does it. */
@Global()
@Module({ providers: [QueueConnection], exports: [QueueConnection] })
export class QueueModule {}
