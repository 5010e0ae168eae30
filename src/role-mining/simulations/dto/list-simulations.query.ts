import { PageQuery } from '../../../common/paging/page.query.js';
import { EnumQuery } from '../../../common/validation/query-parameters.js';
import { SCENARIO_TYPES, type ScenarioType } from '../scenario.js';
import { SIMULATION_STATUSES, type SimulationStatus } from '../simulation-status.js';

export class ListSimulationsQuery extends PageQuery {
  /** Only simulations in this state. */
  @EnumQuery('SimulationStatus', SIMULATION_STATUSES)
  status?: SimulationStatus;

  /** Only simulations of this kind of change. */
  @EnumQuery('ScenarioType', SCENARIO_TYPES)
  scenario_type?: ScenarioType;
}
