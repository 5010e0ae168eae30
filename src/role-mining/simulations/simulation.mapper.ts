import { InvalidInputError } from '../../common/errors/domain.error.js';
import { type AccessDifference, NO_IMPACT } from './access-impact.js';
import type { CreateSimulationDto } from './dto/create-simulation.dto.js';
import type { SimulationChangesDto } from './dto/simulation-changes.dto.js';
import type { AccessDifferenceDto, SimulationDto, StoredSimulationChangesDto } from './dto/simulation.dto.js';
import type { SimulationChanges } from './scenario.js';
import type { SimulationView } from './simulations.service.js';
import type { NamedUsers, NewSimulation } from './simulations.store.js';

/** @throws InvalidInputError when `type`, which is another name for `change_type`, has another value */
export function newSimulationFromDto(dto: CreateSimulationDto): NewSimulation {
  return {
    name: dto.name,
    scenarioType: dto.scenario_type,
    targetRoleId: dto.target_role_id ?? null,
    changes: {
      changeType: changeTypeOf(dto.changes),
      roleId: dto.changes.role_id ?? null,
      entitlementId: dto.changes.entitlement_id ?? null,
      entitlementIds: dto.changes.entitlement_ids ?? null,
      roleName: dto.changes.role_name ?? null,
      roleDescription: dto.changes.role_description ?? null,
    },
    userIds: dto.changes.user_ids ?? null,
  };
}

function changeTypeOf({ change_type, type }: SimulationChangesDto): string | null {
  const given = change_type ?? type ?? null;
  if (type === null || type === undefined || type === given) return given;
  const message = `changes.type must be changes.change_type ${JSON.stringify(given)} or left out, got ${JSON.stringify(type)}`;
  throw new InvalidInputError([{ field: 'changes.type', message }]);
}

export function simulationToDto({ simulation, users }: SimulationView): SimulationDto {
  const { affectedUserCount, affectedUsers, gained, lost } = simulation.impact ?? NO_IMPACT;
  return {
    id: simulation.id,
    tenant_id: simulation.tenantId,
    name: simulation.name,
    scenario_type: simulation.scenarioType,
    target_role_id: simulation.targetRoleId,
    changes: changesToDto(simulation.changes, users),
    status: simulation.status,
    affected_users: [...affectedUsers],
    affected_user_count: affectedUserCount,
    affected_users_truncated: affectedUsers.length < affectedUserCount,
    access_gained: differenceToDto(gained),
    access_lost: differenceToDto(lost),
    created_role_id: simulation.createdRoleId,
    applied_by: simulation.appliedBy,
    applied_at: simulation.appliedAt?.toISOString() ?? null,
    created_by: simulation.createdBy,
    created_at: simulation.createdAt.toISOString(),
  };
}

function changesToDto(changes: SimulationChanges, { userIds, truncated }: NamedUsers): StoredSimulationChangesDto {
  return {
    ...(changes.changeType !== null && { change_type: changes.changeType }),
    ...(changes.roleId !== null && { role_id: changes.roleId }),
    ...(changes.entitlementId !== null && { entitlement_id: changes.entitlementId }),
    ...(changes.entitlementIds !== null && { entitlement_ids: [...changes.entitlementIds] }),
    ...(userIds !== null && { user_ids: [...userIds] }),
    ...(truncated && { user_ids_truncated: true }),
    ...(changes.roleName !== null && { role_name: changes.roleName }),
    ...(changes.roleDescription !== null && { role_description: changes.roleDescription }),
  };
}

function differenceToDto({ userCount, assignmentCount, users }: AccessDifference): AccessDifferenceDto {
  const shown = users.reduce((sum, { entitlementIds }) => sum + entitlementIds.length, 0);
  return {
    user_count: userCount,
    assignment_count: assignmentCount,
    users: users.map(({ userId, entitlementIds }) => ({ user_id: userId, entitlement_ids: [...entitlementIds] })),
    truncated: shown < assignmentCount,
  };
}
