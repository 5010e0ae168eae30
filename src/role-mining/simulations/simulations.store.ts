import { Injectable } from '@nestjs/common';
import { In, type EntityManager } from 'typeorm';
import { statesBefore } from '../../common/transitions.js';
import type { Scenario } from './scenario.js';
import { Simulation } from './simulation.entity.js';
import { REMOVABLE_STATUS, SIMULATION_TRANSITIONS, type SimulationStatus } from './simulation-status.js';

export type NewSimulation = Scenario & Pick<Simulation, 'name'>;

/** How simulations are written, and how the users that they name are read. */
@Injectable()
export class SimulationsStore {
  /** @returns the id */
  async insert(
    manager: EntityManager,
    owner: Pick<Simulation, 'tenantId' | 'createdBy'>,
    { name, scenarioType, targetRoleId, changes, userIds }: NewSimulation,
  ): Promise<string> {
    const inserted = await manager
      .createQueryBuilder()
      .insert()
      .into(Simulation)
      .values({ ...owner, name, scenarioType, targetRoleId, changes: { ...changes }, userIds: userIds && [...userIds] })
      .returning(['id'])
      .execute();
    return (inserted.identifiers[0] as { id: string }).id;
  }

  /** The guarded step; false when the simulation is in no status that leads to `target` (or does not exist). */
  async move(
    manager: EntityManager,
    tenantId: string,
    id: string,
    target: SimulationStatus,
    set: Parameters<EntityManager['update']>[2] = {},
  ): Promise<boolean> {
    const where = { tenantId, id, status: In(statesBefore(SIMULATION_TRANSITIONS, target)) };
    const { affected } = await manager.update(Simulation, where, { ...set, status: target });
    return affected === 1;
  }

  async removeCancelled(manager: EntityManager, tenantId: string, id: string): Promise<void> {
    await manager.delete(Simulation, { tenantId, id, status: REMOVABLE_STATUS });
  }

  /** The users that each simulation names, `limit` at most, in the order in which they were given; null when it names none. */
  async usersOf(
    manager: EntityManager,
    tenantId: string,
    ids: readonly string[],
    limit: number | null,
  ): Promise<ReadonlyMap<string, NamedUsers>> {
    const rows = await manager.query<{ id: string; user_ids: string[] | null; count: number | null }[]>(
      `SELECT id, user_ids[1:coalesce($3, cardinality(user_ids))] AS user_ids, cardinality(user_ids) AS count
       FROM role_mining_simulation WHERE tenant_id = $1 AND id = ANY ($2::uuid[])`,
      [tenantId, ids, limit],
    );
    return new Map(
      rows.map((row) => [row.id, { userIds: row.user_ids, truncated: (row.user_ids?.length ?? 0) < (row.count ?? 0) }]),
    );
  }
}

export interface NamedUsers {
  readonly userIds: readonly string[] | null;
  readonly truncated: boolean;
}
