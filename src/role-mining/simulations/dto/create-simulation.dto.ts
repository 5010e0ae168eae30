import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsObject, ValidateNested } from 'class-validator';
import { Name } from '../../../common/validation/text.js';
import { OptionalUuid } from '../../../common/validation/uuid.js';
import { SCENARIO_TYPES, type ScenarioType } from '../scenario.js';
import { SimulationChangesDto } from './simulation-changes.dto.js';

export class CreateSimulationDto {
  /** A name for people; trimmed.
   * @example 'A role for accounts payable'
   */
  @Name()
  name!: string;

  /**
   * What is changed. `add_entitlement` and `remove_entitlement` need entitlements and either a role or users; `add_role` a
   * role name and entitlements; `remove_role` a target role; `modify_role` a target role and its new entitlements.
   */
  @ApiProperty({ enum: SCENARIO_TYPES, enumName: 'ScenarioType' })
  @IsIn(SCENARIO_TYPES)
  scenario_type!: ScenarioType;

  /** The existing role that is changed or removed. */
  @OptionalUuid()
  target_role_id?: string | null;

  /** The details; `{}` for `remove_role`. */
  @ValidateNested()
  @IsObject()
  @Type(() => SimulationChangesDto)
  changes!: SimulationChangesDto;
}

const ROLE_ID = '4c1b2f60-1a35-4a6e-9d1c-0d6a3a1f5b01';
const USER_IDS = ['7f0f3c2e-52b4-4be0-8f6b-2f7f5e6d0a11', '7f0f3c2e-52b4-4be0-8f6b-2f7f5e6d0a12'];
const ENTITLEMENT_IDS = ['a3d5c9f0-6d0e-4f8b-9a3b-5b1f7c2d4e21', 'a3d5c9f0-6d0e-4f8b-9a3b-5b1f7c2d4e22'];

/** One body for each scenario, for OpenAPI. */
export const SIMULATION_EXAMPLES = {
  add_entitlement: {
    summary: 'Everybody in a role gets another entitlement',
    value: {
      name: 'Payables may see vendors',
      scenario_type: 'add_entitlement',
      target_role_id: ROLE_ID,
      changes: { entitlement_id: ENTITLEMENT_IDS[0] },
    },
  },
  remove_entitlement: {
    summary: 'Some users lose what is assigned to them directly',
    value: {
      name: 'No direct payments',
      scenario_type: 'remove_entitlement',
      changes: { entitlement_ids: ENTITLEMENT_IDS, user_ids: USER_IDS },
    },
  },
  add_role: {
    summary: 'A new role, with its members',
    value: {
      name: 'A role for accounts payable',
      scenario_type: 'add_role',
      changes: {
        role_name: 'Accounts payable',
        role_description: 'Who books and pays invoices',
        entitlement_ids: ENTITLEMENT_IDS,
        user_ids: USER_IDS,
      },
    },
  },
  remove_role: {
    summary: 'A role goes',
    value: { name: 'Without the old role', scenario_type: 'remove_role', target_role_id: ROLE_ID, changes: {} },
  },
  modify_role: {
    summary: 'A role gets another set of entitlements',
    value: {
      name: 'Payables, tidied',
      scenario_type: 'modify_role',
      target_role_id: ROLE_ID,
      changes: { entitlement_ids: ENTITLEMENT_IDS },
    },
  },
};
