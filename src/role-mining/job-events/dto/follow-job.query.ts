import { TextQuery } from '../../../common/validation/query-parameters.js';

export class FollowJobQuery {
  /** A ticket in place of the bearer token; it is good for one use. */
  @TextQuery({ maxLength: 200 })
  ticket?: string;
}
