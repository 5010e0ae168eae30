import { PageQuery } from '../../common/paging/page.query.js';
import { EnumQuery } from '../../common/validation/query-parameters.js';
import { DELIVERY_STATUSES, type DeliveryStatus } from '../webhook.js';

export class ListDeliveriesQuery extends PageQuery {
  /** Only those of this status; `dead` are the dead letters. */
  @EnumQuery('WebhookDeliveryStatus', DELIVERY_STATUSES)
  status?: DeliveryStatus;
}
