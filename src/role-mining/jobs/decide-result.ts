import type { Type } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { In } from 'typeorm';
import { ConflictError, NotFoundError } from '../../common/errors/domain.error.js';
import { statesBefore, type Transitions } from '../../common/transitions.js';
import type { MiningResultEntity } from './mining-result.entity.js';

/** Of a kind of results: how they are decided about. */
export interface Decidable<T extends MiningResultEntity, State extends string> {
  readonly entity: Type<T>;
  /** Its name in sentences. */
  readonly what: string;
  readonly stateField: keyof T & string;
  readonly transitions: Transitions<State>;
}

/**
 * The guarded step: moves a result to `target` when it is in a state that leads there, so that of any number of
 * simultaneous decisions one takes effect. The row stays locked until the transaction ends.
 *
 * @returns the result as it is now
 * @throws NotFoundError
 * @throws ConflictError when it is in another state
 */
export async function decideResult<T extends MiningResultEntity, State extends string>(
  manager: EntityManager,
  { entity, what, stateField, transitions }: Decidable<T, State>,
  key: { tenantId: string; id: string },
  target: State,
  set: Partial<T> | Readonly<Record<string, unknown>>,
): Promise<T> {
  const guarded = { ...key, [stateField]: In(statesBefore(transitions, target)) };
  const changed = { ...set, [stateField]: target } as Parameters<EntityManager['update']>[2];
  const { affected } = await manager.update(entity, guarded, changed);
  const result = await getResult(manager, entity, what, key);
  if (affected !== 1) requireStep(result, { entity, what, stateField, transitions }, target);
  return result;
}

/** @throws ConflictError when nothing leads from the result's state to `target` */
export function requireStep<T extends MiningResultEntity, State extends string>(
  result: T,
  { what, stateField, transitions }: Decidable<T, State>,
  target: State,
): void {
  const state = result[stateField] as State;
  if (transitions[state].includes(target)) return;
  const from = statesBefore(transitions, target).join(' or ');
  throw new ConflictError(`The ${what} is ${state}, only a ${from} one can become ${target}`);
}

async function getResult<T extends MiningResultEntity>(
  manager: EntityManager,
  entity: Type<T>,
  what: string,
  key: { tenantId: string; id: string },
): Promise<T> {
  const result = await manager.findOneBy<MiningResultEntity>(entity, key);
  if (!result) throw new NotFoundError(what, key.id);
  return result as T;
}
