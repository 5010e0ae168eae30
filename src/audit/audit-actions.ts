/** What can be done, and so what the trail can hold; the part before the dot is the kind of object. */
export const AUDIT_ACTIONS = [
  'job.create',
  'job.run',
  'job.cancel',
  'job.delete',
  'job.follow',
  'job.complete',
  'job.fail',
  'job.export',
  'candidate.promote',
  'candidate.dismiss',
  'candidate.simulate',
  'candidate.export',
  'excessive_privilege.review',
  'consolidation_suggestion.dismiss',
  'consolidation_suggestion.merge',
  'sod_rule.create',
  'sod_rule.delete',
  'simulation.create',
  'simulation.execute',
  'simulation.apply',
  'simulation.cancel',
  'simulation.delete',
  'metrics.calculate',
  'webhook.create',
  'webhook.delete',
  'webhook.rotate_secret',
  'webhook_delivery.redeliver',
  'import.start',
  'import.complete',
  'import.fail',
  'audit_trail.export',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

type KindOf<Action> = Action extends `${infer Kind}.${string}` ? Kind : never;
export type AuditObjectType = KindOf<AuditAction>;

export const AUDIT_OBJECT_TYPES = [
  ...new Set(AUDIT_ACTIONS.map((action) => action.split('.', 1)[0] as AuditObjectType)),
];
