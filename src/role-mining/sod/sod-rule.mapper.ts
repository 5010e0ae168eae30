import type { CreateSodRuleDto } from './dto/create-sod-rule.dto.js';
import type { SodRuleDto } from './dto/sod-rule.dto.js';
import type { NewSodRule, SodRule } from './sod-rules.service.js';

export function sodRuleToDto(rule: SodRule): SodRuleDto {
  return {
    id: rule.id,
    name: rule.name,
    description: rule.description,
    entitlement_ids_a: [...rule.entitlementIdsA],
    entitlement_ids_b: [...rule.entitlementIdsB],
    created_by: rule.createdBy,
    created_at: rule.createdAt.toISOString(),
  };
}

export function newSodRuleFromDto(body: CreateSodRuleDto): NewSodRule {
  return {
    name: body.name,
    description: body.description ?? null,
    entitlementIdsA: body.entitlement_ids_a,
    entitlementIdsB: body.entitlement_ids_b,
  };
}
