import { IsOptional } from 'class-validator';
import { FreeText, Name } from '../../../common/validation/text.js';

export class SimulateCandidateDto {
  /** A name for the simulation; made of the role's by default.
   * @example 'What if payables became a role'
   */
  @IsOptional()
  @Name()
  name?: string | null;

  /** A name for the role; the candidate's proposed name by default.
   * @example 'Accounts payable'
   */
  @IsOptional()
  @Name()
  role_name?: string | null;

  /** What the role is for.
   * @example 'Who books and pays invoices'
   */
  @IsOptional()
  @FreeText()
  description?: string | null;
}
