import { OverrideReason } from '../../sod/dto/override-reason.js';

export class ApplySimulationDto {
  @OverrideReason()
  override_reason?: string | null;
}
