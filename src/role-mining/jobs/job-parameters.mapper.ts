import type { CompleteMiningJobParametersDto } from './dto/job.dto.js';
import type { MiningJobParametersDto } from './dto/job-parameters.dto.js';
import { DEFAULT_PARAMETERS, type MiningJobParameters } from './job-parameters.js';

export function parametersFromDto(dto: MiningJobParametersDto): MiningJobParameters {
  return {
    minUsers: dto.min_users ?? DEFAULT_PARAMETERS.minUsers,
    minEntitlements: dto.min_entitlements ?? DEFAULT_PARAMETERS.minEntitlements,
    confidenceThreshold: dto.confidence_threshold ?? DEFAULT_PARAMETERS.confidenceThreshold,
    includeExcessivePrivilege: dto.include_excessive_privilege ?? DEFAULT_PARAMETERS.includeExcessivePrivilege,
    includeConsolidation: dto.include_consolidation ?? DEFAULT_PARAMETERS.includeConsolidation,
    consolidationThreshold: dto.consolidation_threshold ?? DEFAULT_PARAMETERS.consolidationThreshold,
    deviationThreshold: dto.deviation_threshold ?? DEFAULT_PARAMETERS.deviationThreshold,
    peerGroupAttribute: dto.peer_group_attribute ?? DEFAULT_PARAMETERS.peerGroupAttribute,
  };
}

export function parametersToDto(parameters: MiningJobParameters): CompleteMiningJobParametersDto {
  return {
    min_users: parameters.minUsers,
    min_entitlements: parameters.minEntitlements,
    confidence_threshold: parameters.confidenceThreshold,
    include_excessive_privilege: parameters.includeExcessivePrivilege,
    include_consolidation: parameters.includeConsolidation,
    consolidation_threshold: parameters.consolidationThreshold,
    deviation_threshold: parameters.deviationThreshold,
    peer_group_attribute: parameters.peerGroupAttribute,
  };
}
