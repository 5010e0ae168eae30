import pg, { type ClientConfig } from 'pg';

/**
 * A server that ends a session as soon as it has accepted it may say both in one breath. The pool has then just handed the
 * connection out, and TypeORM and pg-boss, which take it from a promise, do not listen yet: unheard, the error would end
 * the process. Whoever uses the connection is told by the failure of their statement.
 */
export class HeardClient extends pg.Client {
  constructor(config?: string | ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}
