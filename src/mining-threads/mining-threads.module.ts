import { Module } from '@nestjs/common';
import { MiningThreads } from './mining-threads.js';
@Module({ providers: [MiningThreads], exports: [MiningThreads] })
export class MiningThreadsModule {}
