import { Module } from '@nestjs/common';
import { IdempotencyInterceptor } from './idempotency.interceptor.js';
import { IdempotentAnswers } from './idempotent-answers.js';

@Module({
  providers: [IdempotencyInterceptor, IdempotentAnswers],
  exports: [IdempotencyInterceptor],
})
export class IdempotencyModule {}
