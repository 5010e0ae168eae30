import type { AccessImportDto } from './dto/import.dto.js';
import type { AccessImport } from './import.entity.js';

export function importToDto(found: AccessImport): AccessImportDto {
  const { failure } = found;
  return {
    id: found.id,
    mode: found.mode,
    dry_run: found.dryRun,
    max_removed_percent: found.maxRemovedPercent,
    parts: found.parts,
    status: found.status,
    progress_percent: found.progressPercent,
    counts: found.counts && {
      ...found.counts,
      sod_violations: found.counts.sod_violations?.map((broken) => ({ ...broken })) ?? null,
    },
    error_message: failure?.message ?? null,
    errors: [...(failure?.errors ?? [])],
    error_count: failure?.errorCount ?? 0,
    removals: [...(failure?.removals ?? [])],
    created_by: found.createdBy,
    created_at: found.createdAt.toISOString(),
    updated_at: found.updatedAt.toISOString(),
    completed_at: found.completedAt?.toISOString() ?? null,
  };
}
