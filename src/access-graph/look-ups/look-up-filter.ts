import type { LookUpQuery } from './dto/look-up.query.js';

export type LookUp = Pick<LookUpQuery, 'ids' | 'search' | 'limit' | 'offset'>;

/** Conditions of a query and their parameters; $1 is the tenant. */
export class LookUpFilter {
  private readonly conditions = ['tenant_id = $1'];
  readonly values: unknown[];

  constructor(tenantId: string) {
    this.values = [tenantId];
  }

  static of(tenantId: string, { ids, search }: LookUp, searched: readonly string[]): LookUpFilter {
    const filter = new LookUpFilter(tenantId);
    if (ids !== undefined) filter.add((ids) => `id = ANY (${ids}::uuid[])`, ids);
    if (search !== undefined) {
      const pattern = `%${search.replace(/[\\%_]/g, '\\$&')}%`;
      filter.add((text) => `(${searched.map((column) => `${column} ILIKE ${text}`).join(' OR ')})`, pattern);
    }
    return filter;
  }

  add(condition: (parameter: string) => string, value: unknown): this {
    this.conditions.push(condition(this.parameter(value)));
    return this;
  }

  /** The placeholder of one more value. */
  parameter(value: unknown): string {
    return `$${this.values.push(value)}`;
  }

  get where(): string {
    return this.conditions.join(' AND ');
  }
}
