import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A worker's claim on a job, as it was sent to the database. */
export interface WireClaim {
  readonly claimId: string;
  readonly jobId: string;
  readonly at: number;
  /** Lets the claim through when the proxy keeps claims back; once, however often it is called. */
  forward(): void;
}

const CLAIM_STATEMENT = 'UPDATE "role_mining_job" SET "claim_id" = $1';
/** Its parameters: the ids of tenant, job and claim, and then the percentage. */
const PROGRESS_STATEMENT = 'GREATEST(progress_percent, $4)';
/** Before each parameter stands its length. */
const LENGTH_BYTES = 4;
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/**
 * The way of one process to the database. Tells which sessions are that process's and which jobs it has claimed, and can
 * keep the server's answers back, without the process knowing of it.
 */
export class DatabaseProxy implements AsyncDisposable {
  readonly claims: WireClaim[] = [];
  /** Percent that the process has last reported since its last claim; the job's row keeps the highest of all runs. */
  progress = 0;
  /** Whether claims wait here until they are forwarded. */
  keepsClaims = false;
  /** A connection that sends a statement which begins so is cut, before the server has heard of it. */
  cuts: string | null = null;
  private readonly upstreams = new Set<Socket>();
  private readonly clients = new Set<Socket>();
  private muting: { readonly after: string; readonly when: string; readonly done: () => void } | null = null;

  private constructor(
    private readonly server: Server,
    private readonly databaseUrl: string,
  ) {}

  static async start(databaseUrl: string): Promise<DatabaseProxy> {
    const server = createServer();
    const proxy = new DatabaseProxy(server, databaseUrl);
    server.on('connection', (client) => proxy.connect(client));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  /** The database's URL, through the proxy. */
  get url(): string {
    const url = new URL(this.databaseUrl);
    url.port = String((this.server.address() as AddressInfo).port);
    return url.toString();
  }

  /** What `pg_stat_activity.client_port` says of the process's sessions. */
  get clientPorts(): number[] {
    return [...this.upstreams].flatMap(({ localPort }) => (localPort === undefined ? [] : [localPort]));
  }

  /**
   * On the next connection that sends `when`, nothing that the server answers is passed on once the connection has sent
   * `after`, which still reaches the server.
   *
   * @returns resolves when the first answer is kept back
   */
  muteAfter(after: string, { when }: { when: string }): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.muting = { after, when, done: resolve };
    return promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of [...this.clients, ...this.upstreams]) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private connect(client: Socket): void {
    const { hostname, port } = new URL(this.databaseUrl);
    const upstream = connect(Number(port), hostname);
    this.clients.add(client);
    this.upstreams.add(upstream);
    let isOfInterest = false;
    let muted: (() => void) | null = null;
    client.on('data', (chunk) => {
      const text = chunk.toString('latin1');
      const { cuts } = this;
      if (cuts !== null && statementsIn(chunk).some((statement) => statement.startsWith(cuts))) {
        client.destroy();
        return;
      }
      const send = (): boolean => upstream.write(chunk);
      const isKept = text.includes(CLAIM_STATEMENT) && this.noteClaim(text, client, send);
      this.progress = progressIn(text) ?? this.progress;
      if (this.muting !== null) {
        isOfInterest ||= text.includes(this.muting.when);
        if (isOfInterest && text.includes(this.muting.after)) {
          muted = this.muting.done;
          this.muting = null;
        }
      }
      if (!isKept) send();
    });
    upstream.on('data', (chunk) => {
      if (muted === null) client.write(chunk);
      else muted();
    });
    // Either end that goes takes the other along, as if there were no proxy.
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => {
      this.upstreams.delete(upstream);
      this.clients.delete(client);
      client.destroy();
    });
    for (const socket of [client, upstream]) socket.on('error', () => undefined);
  }

  /**
   * The statement and its parameters come in one write.
   *
   * @returns whether it is kept back
   */
  private noteClaim(text: string, client: Socket, send: () => void): boolean {
    const [claimId, , jobId] = text.slice(text.indexOf(CLAIM_STATEMENT)).match(UUID) ?? [];
    if (claimId === undefined || jobId === undefined) return false;
    this.progress = 0;
    const isKept = this.keepsClaims;
    if (isKept) client.pause();
    let isForwarded = !isKept;
    const forward = (): void => {
      if (isForwarded) return;
      isForwarded = true;
      send();
      client.resume();
    };
    this.claims.push({ claimId, jobId, at: performance.now(), forward });
    return isKept;
  }
}

/** The percentage that a statement reports; null when it is not one of progress. */
function progressIn(text: string): number | null {
  const start = text.indexOf(PROGRESS_STATEMENT);
  if (start < 0) return null;
  const parameters = text.slice(start + PROGRESS_STATEMENT.length);
  const claim = [...parameters.matchAll(UUID)].at(2);
  if (claim === undefined)
    throw new Error('A statement of progress names no claim: the proxy no longer understands it');
  return Number(/^\d+/.exec(parameters.slice(claim.index + claim[0].length + LENGTH_BYTES))?.[0]);
}

/**
 * The texts of the statements that a client has sent together, each in a message Parse: `P`, the length of the rest, a
 * name and the text, both ended by a 0. Several where a transaction opens with its first statement.
 */
function statementsIn(chunk: Buffer): string[] {
  const statements: string[] = [];
  for (let at = 0; at + 5 <= chunk.length;) {
    const end = at + 1 + chunk.readUInt32BE(at + 1);
    if (chunk[at] === 'P'.charCodeAt(0)) {
      const start = chunk.indexOf(0, at + 5) + 1;
      statements.push(chunk.toString('latin1', start, chunk.indexOf(0, start)));
    }
    at = end;
  }
  return statements;
}
