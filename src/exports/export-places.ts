import { Inject, Injectable } from '@nestjs/common';
import { DomainError } from '../common/errors/domain.error.js';
import { Config } from '../config/config.js';

/** Of the pool's connections, the part that exports may hold: each holds one for as long as its client takes to read. */
const SHARE_OF_POOL = 1 / 3;

/** How many exports may run in this process at once, so that their slow clients never take all connections. */
@Injectable()
export class ExportPlaces {
  private readonly total: number;
  private taken = 0;

  constructor(@Inject(Config) config: Pick<Config, 'database'>) {
    this.total = Math.max(1, Math.floor(config.database.poolSize * SHARE_OF_POOL));
  }

  /**
   * @returns what gives the place back; may be called again
   * @throws DomainError `unavailable` when all are taken
   */
  take(): () => void {
    if (this.taken === this.total) {
      const running = this.total === 1 ? '1 export is' : `${this.total} exports are`;
      throw new DomainError('unavailable', `${running} running, as many as may at once: try again shortly`);
    }
    this.taken += 1;
    let isTaken = true;
    return () => {
      if (isTaken) this.taken -= 1;
      isTaken = false;
    };
  }
}
