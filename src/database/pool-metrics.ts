import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { Gauge } from 'prom-client';
import { DataSource } from 'typeorm';
import { ProcessMetrics } from '../process-metrics/process-metrics.js';

/** How full the application's pool of connections is (its size: `DATABASE_POOL_SIZE`). */
@Injectable()
export class PoolMetrics {
  constructor(metrics: ProcessMetrics, dataSource: DataSource) {
    new Gauge({
      name: 'database_pool_connections',
      help: 'Connections of the pool of this process by state; waiting: requests without one.',
      labelNames: ['state'],
      registers: [metrics.registry],
      collect() {
        const { totalCount, idleCount, waitingCount } = (dataSource.driver as unknown as { master: Pool }).master;
        this.set({ state: 'busy' }, totalCount - idleCount);
        this.set({ state: 'idle' }, idleCount);
        this.set({ state: 'waiting' }, waitingCount);
      },
    });
  }
}
