import { OptionalUuidList } from '../../../common/validation/uuid.js';

export class CalculateMetricsDto {
  /** The roles to calculate; all of the tenant's when left out, none for an empty list. */
  @OptionalUuidList()
  role_ids?: string[] | null;
}
