import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { ProcessMetrics } from './process-metrics.js';

/** `/metrics` on a port that the gateway does not publish (METRICS_PORT). */
@Injectable()
export class MetricsServer implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly server: Server;

  constructor(
    private readonly metrics: ProcessMetrics,
    private readonly host: string,
    private readonly port: number,
  ) {
    this.server = createServer((request, response) => {
      if (request.method === 'GET' && request.url === '/metrics') void this.answer(response);
      else response.writeHead(404).end();
    });
  }

  /** @throws when the port is taken: the process ends with that, as with the port of the API */
  async onApplicationBootstrap(): Promise<void> {
    this.server.listen(this.port, this.host);
    await once(this.server, 'listening');
  }

  async onApplicationShutdown(): Promise<void> {
    this.server.closeAllConnections();
    if (this.server.listening) await new Promise((resolve) => this.server.close(resolve));
  }

  /** Where it listens; METRICS_PORT=0 takes any free port. */
  get address(): AddressInfo {
    return this.server.address() as AddressInfo;
  }

  private async answer(response: ServerResponse): Promise<void> {
    const { registry } = this.metrics;
    response.writeHead(200, { 'Content-Type': registry.contentType }).end(await registry.metrics());
  }
}
