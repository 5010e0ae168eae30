import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { lockGraph } from '../../access-graph/stores/graph-lock.js';
import type { AuditAction } from '../../audit/audit-actions.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import { ConflictError, InvalidInputError, NotFoundError } from '../../common/errors/domain.error.js';
import type { PageQuery } from '../../common/paging/page.query.js';
import { TenantTransaction } from '../../database/tenant-transaction.js';
import type { JobActor } from '../jobs/jobs.service.js';
import { SodRules } from '../sod/sod-rules.js';
import { refuseViolations, type SodViolation, violationToDto } from '../sod/sod-violation.js';
import type { AccessChange } from './access-change.js';
import { type AccessImpact, NO_IMPACT, SHOWN_USERS } from './access-impact.js';
import { AccessImpacts } from './access-impacts.js';
import { RoleModel } from './role-model.js';
import type { Scenario, ScenarioType } from './scenario.js';
import { faultsOfReferences } from './scenario-references.js';
import { faultsOfScenario } from './scenario-rules.js';
import { Simulation } from './simulation.entity.js';
import type { SimulationStatus } from './simulation-status.js';
import { type NamedUsers, type NewSimulation, SimulationsStore } from './simulations.store.js';

/** A simulation with the first of the users that it names. */
export interface SimulationView {
  readonly simulation: Simulation;
  readonly users: NamedUsers;
}

/** What is left out does not filter. */
export interface SimulationFilter {
  readonly status?: SimulationStatus;
  readonly scenarioType?: ScenarioType;
}

/**
 * Changes of the role model, tried on everybody's effective access before they are made (contract: results,
 * "Simulations"). A step is one guarded UPDATE that names the statuses it may start from, so that of two simultaneous
 * calls exactly one takes effect.
 */
@Injectable()
export class SimulationsService {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly store: SimulationsStore,
    private readonly impacts: AccessImpacts,
    private readonly roleModel: RoleModel,
    private readonly sodRules: SodRules,
    private readonly trail: AuditTrail,
  ) {}

  /** Newest first. */
  async listSimulations(
    actor: JobActor,
    { status, scenarioType }: SimulationFilter,
    page: Pick<PageQuery, 'limit' | 'offset'>,
  ): Promise<{ items: SimulationView[]; total: number }> {
    return this.transaction.run(actor.tenantId, async (manager) => {
      const [simulations, total] = await manager.findAndCount(Simulation, {
        where: { tenantId: actor.tenantId, ...(status && { status }), ...(scenarioType && { scenarioType }) },
        order: { createdAt: 'DESC', id: 'DESC' },
        take: page.limit,
        skip: page.offset,
      });
      return { items: await this.viewsOf(manager, simulations), total };
    });
  }

  /** @throws NotFoundError */
  async getSimulation(actor: JobActor, id: string): Promise<SimulationView> {
    return this.transaction.run(actor.tenantId, (manager) => this.viewOf(manager, actor, id));
  }

  /** @throws InvalidInputError when the scenario lacks something, or names what the tenant does not have */
  async createSimulation(actor: JobActor, simulation: NewSimulation): Promise<SimulationView> {
    const faults = faultsOfScenario(simulation);
    if (faults.length > 0) throw new InvalidInputError(faults);
    return this.transaction.run(actor.tenantId, async (manager) => {
      const missing = await faultsOfReferences(manager, actor.tenantId, simulation);
      if (missing.length > 0) throw new InvalidInputError(missing);
      const owner = { tenantId: actor.tenantId, createdBy: actor.userId };
      const id = await this.store.insert(manager, owner, simulation);
      const view = await this.viewOf(manager, actor, id);
      const { name, scenarioType } = simulation;
      await this.record(manager, actor, 'simulation.create', id, null, {
        status: 'draft',
        name,
        scenario: scenarioType,
      });
      return view;
    });
  }

  /**
   * Finds out what the change would do to everybody's access; changes nothing but the simulation.
   *
   * @throws NotFoundError
   * @throws ConflictError when it is no draft, or names what has gone meanwhile
   */
  async executeSimulation(actor: JobActor, id: string): Promise<SimulationView> {
    return this.transaction.run(actor.tenantId, async (manager) => {
      const simulation = await findSimulation(manager, actor, id);
      refuseUnless(simulation, 'draft', 'executed');
      const { impact, fingerprint } = await this.assess(manager, actor, await this.scenarioOf(manager, simulation));
      const set = { impact, impactFingerprint: fingerprint };
      if (!(await this.store.move(manager, actor.tenantId, id, 'executed', set))) throw overtaken();
      const view = await this.viewOf(manager, actor, id);
      await this.record(manager, actor, 'simulation.execute', id, 'draft', { status: 'executed', ...totalsOf(impact) });
      return view;
    });
  }

  /**
   * Makes the change, if its impact is still what was shown at execute. The tenant's graph lock keeps everybody else from
   * changing the graph between the comparison and the writes.
   *
   * @throws NotFoundError
   * @throws ConflictError when it has not been executed, its impact has changed, it names what has gone, the name of its
   * role is taken, or it violates separation of duties and no reason was given; nothing is changed then
   */
  async applySimulation(actor: JobActor, id: string, overrideReason: string | null): Promise<SimulationView> {
    const { tenantId, userId } = actor;
    return this.transaction.run(tenantId, async (manager) => {
      const simulation = await findSimulation(manager, actor, id);
      refuseUnless(simulation, 'executed', 'applied');
      await lockGraph(manager, tenantId);
      const set = { appliedBy: userId, appliedAt: () => 'now()' };
      if (!(await this.store.move(manager, tenantId, id, 'applied', set))) throw overtaken();
      const scenario = await this.scenarioOf(manager, simulation);
      const { change, impact, fingerprint } = await this.assess(manager, actor, scenario);
      if (fingerprint !== simulation.impactFingerprint) throw impactHasChanged(simulation.impact ?? NO_IMPACT, impact);
      const { createdRoleId, violations } = await this.make(manager, tenantId, scenario, change, overrideReason);
      if (createdRoleId !== null) await manager.update(Simulation, { tenantId, id }, { createdRoleId });
      const view = await this.viewOf(manager, actor, id);
      const after = {
        status: 'applied',
        ...totalsOf(impact),
        ...(createdRoleId !== null && { created_role_id: createdRoleId }),
        ...(violations.length > 0 && { sod_violations: violations.map(violationToDto) }),
      };
      await this.record(manager, actor, 'simulation.apply', id, 'executed', after, overrideReason);
      return view;
    });
  }

  /**
   * Cancels a draft or executed simulation, which stays readable; removes a cancelled one. Which of the two is decided by
   * the status that is seen first.
   *
   * @throws NotFoundError
   * @throws ConflictError when it is applied
   */
  async cancelOrDeleteSimulation(actor: JobActor, id: string): Promise<void> {
    await this.transaction.run(actor.tenantId, async (manager) => {
      const { status } = await findSimulation(manager, actor, id);
      if (status === 'applied') throw new ConflictError('The simulation is applied: it can no longer be cancelled');
      if (status === 'cancelled') {
        await this.store.removeCancelled(manager, actor.tenantId, id);
        await this.record(manager, actor, 'simulation.delete', id, status, null);
      } else {
        if (!(await this.store.move(manager, actor.tenantId, id, 'cancelled'))) throw overtaken();
        await this.record(manager, actor, 'simulation.cancel', id, status, { status: 'cancelled' });
      }
    });
  }

  private async assess(
    manager: EntityManager,
    { tenantId }: JobActor,
    scenario: Scenario,
  ): Promise<{ change: AccessChange; impact: AccessImpact; fingerprint: string }> {
    const missing = await faultsOfReferences(manager, tenantId, scenario);
    if (missing.length > 0) throw new ConflictError(missing.map(({ message }) => message).join('; '));
    const change = await this.roleModel.changeOf(manager, tenantId, scenario);
    return { change, ...(await this.impacts.computeImpact(manager, tenantId, change)) };
  }

  /** What is withdrawn goes first: nobody holds it together with what is granted. */
  private async make(
    manager: EntityManager,
    tenantId: string,
    scenario: Scenario,
    change: AccessChange,
    overrideReason: string | null,
  ): Promise<{ createdRoleId: string | null; violations: readonly SodViolation[] }> {
    await this.roleModel.withdraw(manager, tenantId, scenario, change);
    const violations = await this.sodRules.violationsOfAccess(manager, tenantId, [
      {
        userIds: await this.impacts.concernedUsers(manager, tenantId, change),
        entitlementIds: change.granted,
      },
    ]);
    refuseViolations(violations, overrideReason);
    return { createdRoleId: await this.roleModel.grant(manager, tenantId, scenario, change), violations };
  }

  private async scenarioOf(manager: EntityManager, simulation: Simulation): Promise<Scenario> {
    const { tenantId, id, scenarioType, targetRoleId, changes } = simulation;
    const users = (await this.store.usersOf(manager, tenantId, [id], null)).get(id);
    return { scenarioType, targetRoleId, changes, userIds: users?.userIds ?? null };
  }

  private async viewOf(manager: EntityManager, actor: JobActor, id: string): Promise<SimulationView> {
    const [view] = await this.viewsOf(manager, [await findSimulation(manager, actor, id)]);
    return view;
  }

  private async viewsOf(manager: EntityManager, simulations: Simulation[]): Promise<SimulationView[]> {
    if (simulations.length === 0) return [];
    const ids = simulations.map(({ id }) => id);
    const users = await this.store.usersOf(manager, simulations[0].tenantId, ids, SHOWN_USERS);
    return simulations.map((simulation) => ({
      simulation,
      users: users.get(simulation.id) ?? { userIds: null, truncated: false },
    }));
  }

  private async record(
    manager: EntityManager,
    actor: JobActor,
    action: AuditAction,
    objectId: string,
    before: SimulationStatus | null,
    after: object | null,
    reason: string | null = null,
  ): Promise<void> {
    const was = before === null ? null : { status: before };
    await this.trail.record(manager, actor, { action, objectType: 'simulation', objectId, before: was, after, reason });
  }
}

async function findSimulation(manager: EntityManager, { tenantId }: JobActor, id: string): Promise<Simulation> {
  const simulation = await manager.findOneBy(Simulation, { tenantId, id });
  if (!simulation) throw new NotFoundError('simulation', id);
  return simulation;
}

function refuseUnless({ status }: Simulation, required: SimulationStatus, step: SimulationStatus): void {
  if (status === required) return;
  throw new ConflictError(`The simulation is ${status}, only one that is ${required} can be ${step}`);
}

/** Another call moved the simulation on between our look at it and our step. */
function overtaken(): ConflictError {
  return new ConflictError('The simulation has just been changed by another call');
}

function impactHasChanged(shown: AccessImpact, now: AccessImpact): ConflictError {
  return new ConflictError(
    'The access graph has changed since the simulation was executed and its impact would be another: ' +
      'nothing was applied, simulate it again',
    { shown: totalsOf(shown), now: totalsOf(now) },
  );
}

function totalsOf(impact: AccessImpact): Record<string, number> {
  return {
    affected_user_count: impact.affectedUserCount,
    access_gained: impact.gained.assignmentCount,
    access_lost: impact.lost.assignmentCount,
  };
}
