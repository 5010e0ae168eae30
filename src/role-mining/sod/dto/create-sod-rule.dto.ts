import { IsOptional } from 'class-validator';
import { FreeText, Name } from '../../../common/validation/text.js';
import { UuidList } from '../../../common/validation/uuid.js';

/** As many as a role may have. */
const MAX_ENTITLEMENTS = 10_000;

export class CreateSodRuleDto {
  /** Unique in the tenant.
   * @example 'Create and pay vendors'
   */
  @Name()
  name!: string;

  /** @example 'Required by the auditors' */
  @IsOptional()
  @FreeText()
  description?: string | null;

  /** One side: nobody may hold any of these together with any of the other side. */
  @UuidList({ minimum: 1, maximum: MAX_ENTITLEMENTS })
  entitlement_ids_a!: string[];

  /** The other side; it shares nothing with the first. */
  @UuidList({ minimum: 1, maximum: MAX_ENTITLEMENTS })
  entitlement_ids_b!: string[];
}
