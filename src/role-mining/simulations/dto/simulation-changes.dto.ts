import { IsOptional } from 'class-validator';
import { FreeText, Name, textRule } from '../../../common/validation/text.js';
import { OptionalUuid, OptionalUuidList } from '../../../common/validation/uuid.js';

/** What a simulation changes. A field that the scenario has no use for has no effect. */
export class SimulationChangesDto {
  /** A word for the change; one of the scenario types must be the simulation's own.
   * @example 'add_role'
   */
  @IsOptional()
  @ChangeType()
  change_type?: string | null;

  /** Another name for `change_type`. */
  @IsOptional()
  @ChangeType()
  type?: string | null;

  /** The role to add entitlements to or remove them from; the same as `target_role_id` when both are given. */
  @OptionalUuid()
  role_id?: string | null;

  /** One entitlement; comes on top of `entitlement_ids`. */
  @OptionalUuid()
  entitlement_id?: string | null;

  /** The entitlements; for `modify_role` all that the role has afterwards, which may be none. Duplicates count once. */
  @OptionalUuidList()
  entitlement_ids?: string[] | null;

  /** The users to assign entitlements to directly or take them from, or the members of the added role. */
  @OptionalUuidList()
  user_ids?: string[] | null;

  /** For `add_role`: the name of the role, unique in the tenant when it is applied.
   * @example 'Accounts payable'
   */
  @IsOptional()
  @Name()
  role_name?: string | null;

  /** For `add_role`: what the role is for.
   * @example 'Who books and pays invoices'
   */
  @IsOptional()
  @FreeText()
  role_description?: string | null;
}

function ChangeType(): PropertyDecorator {
  return textRule({ minimum: 1, maximum: 128, forbidden: /\p{Cc}/u, forbiddenText: 'control characters' });
}
