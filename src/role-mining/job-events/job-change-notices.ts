import { randomUUID } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { Config } from '../../config/config.js';
import { applicationLimits, connectionSettings } from '../../database/connection.js';
import { DatabaseAddress } from '../../database/database-address.js';

/** What the trigger of the jobs' table notifies: the id of the changed job. */
const JOB_CHANNEL = 'role_mining_job';
/** On which processes hear themselves. */
const ECHO_CHANNEL = 'role_mining_echo';

/** While nothing is heard, everything counts as changed so often; also how soon a lost connection is made anew. */
const POLL_INTERVAL_MS = 1_000;
/** Intervals between two calls to itself. */
const ECHO_TICKS = 10;

/** Told which job has changed; null: any may have. */
export type ChangeListener = (jobId: string | null) => void;

/**
 * Which jobs change, whichever process changes them: notifications of the database over one connection of this process.
 *
 * A LISTEN behind a transaction pooler succeeds and hears nothing, and a connection that a NAT has forgotten looks alive:
 * the process therefore calls to itself, through another connection, and believes that it hears only as long as
 * the echo comes. Otherwise it polls, and goes on trying to listen.
 */
@Injectable()
export class JobChangeNotices {
  private readonly settings: pg.ClientConfig;
  private readonly logger = new Logger(JobChangeNotices.name);
  private session: ListeningSession | null = null;

  constructor(
    config: Config,
    address: DatabaseAddress,
    private readonly dataSource: DataSource,
  ) {
    this.settings = connectionSettings(config.database, address.url, applicationLimits(config.database));
  }

  /** Whether changes are heard; else they are found by polling. */
  get isHearing(): boolean {
    return this.session?.isHearing ?? false;
  }

  start(listener: ChangeListener): void {
    this.session ??= new ListeningSession(
      () => new pg.Client(this.settings),
      (text) => this.dataSource.query('SELECT pg_notify($1, $2)', [ECHO_CHANNEL, text]),
      listener,
      this.logger,
    );
  }

  /** Resolves when the connection is closed. */
  async stop(): Promise<void> {
    const { session } = this;
    this.session = null;
    await session?.close();
  }
}

class ListeningSession {
  isHearing = false;
  private readonly echo = randomUUID();
  private readonly timer: NodeJS.Timeout;
  private client: pg.Client | null = null;
  private hasEchoed = false;
  private isClosed = false;
  private isDeafKnown = false;
  private ticks = 0;
  private work: Promise<void> | null = null;

  constructor(
    private readonly newClient: () => pg.Client,
    private readonly call: (text: string) => Promise<unknown>,
    private readonly listener: ChangeListener,
    private readonly logger: Logger,
  ) {
    this.timer = setInterval(() => this.tick(), POLL_INTERVAL_MS).unref();
    this.begin(this.listen());
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.isHearing = false;
    clearInterval(this.timer);
    await this.work;
    const { client } = this;
    this.client = null;
    await client?.end().catch(() => undefined);
  }

  private tick(): void {
    if (!this.isHearing) this.listener(null);
    this.ticks++;
    if (this.work !== null) return;
    if (this.client === null) this.begin(this.listen());
    else if (this.ticks % ECHO_TICKS === 0) this.begin(this.check(this.client));
  }

  private begin(work: Promise<void>): void {
    this.work = work.finally(() => (this.work = null));
  }

  private async listen(): Promise<void> {
    const client = this.newClient();
    client.on('notification', ({ channel, payload }) => this.hear(channel, payload));
    // Unheard, an error event would end the process. What is missed meanwhile is found by polling.
    client.on('error', (error) => this.lose(client, error.message));
    client.on('end', () => this.lose(client, 'the connection was closed'));
    this.client = client;
    try {
      await client.connect();
      await client.query(`LISTEN ${JOB_CHANNEL}; LISTEN ${ECHO_CHANNEL}`);
      await this.call(this.echo);
    } catch (error) {
      this.lose(client, (error as Error).message);
    }
  }

  /** The call of the last time must have come back; then comes the next one. */
  private async check(client: pg.Client): Promise<void> {
    if (!this.hasEchoed) return this.lose(client, 'nothing is heard, as behind a transaction pooler');
    this.hasEchoed = false;
    await this.call(this.echo).catch((error: unknown) => this.lose(client, (error as Error).message));
  }

  private hear(channel: string, payload: string | undefined): void {
    if (this.isClosed) return;
    if (channel === JOB_CHANNEL) return this.listener(payload ?? null);
    if (payload !== this.echo) return;
    this.hasEchoed = true;
    if (this.isHearing) return;
    this.isHearing = true;
    this.isDeafKnown = false;
    // Whatever changed before it could be heard.
    this.listener(null);
  }

  private lose(client: pg.Client, reason: string): void {
    if (this.client !== client) return;
    this.client = null;
    this.hasEchoed = false;
    this.isHearing = false;
    void client.end().catch(() => undefined);
    if (this.isDeafKnown || this.isClosed) return;
    this.isDeafKnown = true;
    this.logger.warn(`Changes of jobs are looked for every second, they are not heard of: ${reason}`);
  }
}
