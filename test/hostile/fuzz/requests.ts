import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { Chance } from './chance.js';
import { type ApiDocument, forbidsParameter, type Operation, type Parameter, type Schema } from './document.js';
import { CHARACTERS, hostileBytes, hostileText, hostileValue, mutate } from './hostile-values.js';
import type { Stock } from './stock.js';

export interface FuzzRequest {
  readonly operation: Operation;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer> | FormData;
  /** Why the document forbids it; null when it does not. Such a request must not succeed. */
  readonly forbidden: string | null;
}

const IDS_OF_FIELDS: Readonly<Record<string, string>> = {
  role_id: 'role_id',
  target_role_id: 'role_id',
  role_ids: 'role_id',
  entitlement_id: 'entitlement_id',
  entitlement_ids: 'entitlement_id',
  entitlement_ids_a: 'entitlement_id',
  entitlement_ids_b: 'entitlement_id',
  user_id: 'user_id',
  user_ids: 'user_id',
  with: 'job_id',
};

/** Makes requests from the document: most are good, some are wrong in one place, some are wrong all over. */
export class RequestMaker {
  constructor(
    private readonly document: ApiDocument,
    private readonly stock: Stock,
  ) {}

  make(chance: Chance, operation: Operation): FuzzRequest {
    let forbidden: string | null = null;
    const isHostile = chance.happens(0.45);
    const spoil = isHostile ? chance.pick(['path', 'query', 'body', 'body', 'header'] as const) : null;
    let { path } = operation;
    const query: string[] = [];
    const ids: Record<string, string> = {};
    for (const parameter of operation.parameters) {
      if (parameter.in === 'header') continue;
      const texts =
        parameter.in === 'path'
          ? [this.pathText(chance, operation, parameter, spoil === 'path')]
          : this.queryTexts(chance, operation, parameter, spoil === 'query');
      if (parameter.in === 'path') {
        ids[parameter.name] = texts[0];
        path = path.replace(`{${parameter.name}}`, encode(texts[0]));
      } else query.push(...texts.map((text) => `${parameter.name}=${encode(text)}`));
      const schema = this.document.resolve(parameter.schema);
      const given = texts.length > 0 || (parameter.required ?? false);
      if (given && (texts.length !== 1 || forbidsParameter(this.resolvedItems(schema), texts[0]))) {
        forbidden ??= `${parameter.name}=${JSON.stringify(texts).slice(0, 100)}`;
      }
    }
    if (chance.happens(0.05)) query.push(`unknown=${encode(hostileText(chance))}`);
    const headers: Record<string, string> = { Authorization: `Bearer ${this.stock.token}` };
    if (chance.happens(0.1)) headers['Idempotency-Key'] = chance.uuid();
    if (spoil === 'header') Object.assign(headers, hostileHeaders(chance));
    const content = operation.isUpload
      ? this.upload(chance, spoil === 'body')
      : this.content(chance, operation, ids, spoil === 'body');
    forbidden ??= content.forbidden;
    if (query.length > 0) path += `?${query.join('&')}`;
    return { operation, path, headers: { ...content.headers, ...headers }, body: content.body, forbidden };
  }

  private pathText(chance: Chance, operation: Operation, { name }: Parameter, isSpoilt: boolean): string {
    if (!isSpoilt) {
      const id = this.stock.idFor(chance, name, operation.id);
      return chance.happens(0.1) ? id.toUpperCase() : id;
    }
    // An empty one is another route.
    return hostileText(chance).slice(0, 200) || chance.uuid();
  }

  private queryTexts(chance: Chance, operation: Operation, parameter: Parameter, isSpoilt: boolean): string[] {
    const isNeeded = parameter.required ?? false;
    if (isSpoilt && chance.happens(0.6)) {
      if (chance.happens(0.2)) return isNeeded ? [] : [this.text(chance, operation, parameter), '1'];
      return [hostileText(chance)];
    }
    return isNeeded || chance.happens(0.3) ? [this.text(chance, operation, parameter)] : [];
  }

  private text(chance: Chance, operation: Operation, { name, schema }: Parameter): string {
    // An import that waits for a minute says nothing more than one that waits for a second.
    if (name === 'wait') return String(chance.integer(0, 2));
    if (name === 'offset' && chance.happens(0.9)) return String(chance.integer(0, 3));
    const resolved = this.document.resolve(schema);
    if (resolved.type === 'array')
      return this.stock.idsFor(chance, IDS_OF_LISTS[operation.id] ?? 'user_id', 3).join(',') || chance.uuid();
    if (name === 'with') return this.stock.idFor(chance, 'job_id', operation.id);
    return String(this.value(chance, operation, name, schema));
  }

  private content(
    chance: Chance,
    operation: Operation,
    ids: Readonly<Record<string, string>>,
    isSpoilt: boolean,
  ): Pick<FuzzRequest, 'headers' | 'body' | 'forbidden'> {
    const headers = { 'Content-Type': 'application/json' };
    if (operation.method === 'GET') return { headers: chance.happens(0.3) ? headers : {}, forbidden: null };
    const good = operation.body === null ? {} : this.goodBody(chance, operation, ids);
    if (!isSpoilt) {
      const isEmpty = Object.keys(good as object).length === 0 && chance.happens(0.3);
      return { headers, body: isEmpty ? '' : JSON.stringify(good), forbidden: null };
    }
    const body = chance.happens(0.15) ? hostileBytes(chance, JSON.stringify(good)) : undefined;
    if (body !== undefined) return { headers, body, forbidden: this.verdictOnBytes(operation, body) };
    let spoilt = mutate(chance, good);
    while (chance.happens(0.3)) spoilt = mutate(chance, spoilt);
    if (chance.happens(0.05)) spoilt = hostileValue(chance);
    const text = JSON.stringify(spoilt);
    return { headers, body: text, forbidden: this.verdictOn(operation, JSON.parse(text)) };
  }

  private verdictOnBytes(operation: Operation, body: Uint8Array): string | null {
    try {
      const text = new TextDecoder('utf-8', { fatal: true }).decode(body).trim();
      return this.verdictOn(operation, text === '' ? {} : JSON.parse(text));
    } catch {
      return 'the body is no JSON';
    }
  }

  private verdictOn(operation: Operation, value: unknown): string | null {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'the body is no object';
    // Names are trimmed before they are looked at.
    return operation.forbidsBody(trimmed(value)) ? 'the body breaks its schema' : null;
  }

  /** A body that the document allows, with ids that exist. */
  private goodBody(chance: Chance, operation: Operation, path: Readonly<Record<string, string>>): unknown {
    const body = this.value(chance, operation, '', operation.body ?? {}) as Record<string, unknown>;
    if (operation.id === 'Simulations_create') return this.simulation(chance, body);
    if (operation.id === 'Consolidation_merge') {
      return { ...body, impact_hash: this.stock.takeImpact(path['suggestion_id'].toLowerCase()) ?? '0'.repeat(64) };
    }
    if (operation.id === 'SodRules_create') {
      const ids = this.stock.idsFor(chance, 'entitlement_id', 6);
      return { ...body, entitlement_ids_a: ids.slice(0, 3), entitlement_ids_b: ids.slice(3) };
    }
    if (operation.id === 'Webhooks_create')
      return { ...body, url: `https://receiver.invalid/${chance.integer(1, 1e9)}` };
    if (operation.id === 'Candidates_promote') {
      const { assign_members, remove_direct, ...rest } = body;
      return { ...rest, assign_members, remove_direct: assign_members === true ? remove_direct : false };
    }
    return body;
  }

  private simulation(chance: Chance, { name }: Record<string, unknown>): unknown {
    const target_role_id = this.stock.idFor(chance, 'role_id', '');
    const entitlement_ids = this.stock.idsFor(chance, 'entitlement_id', chance.integer(1, 4));
    const user_ids = this.stock.idsFor(chance, 'user_id', chance.integer(1, 4));
    const role_name = `Role ${chance.integer(1, 1e9)}`;
    return chance.pick([
      { name, scenario_type: 'add_entitlement', target_role_id, changes: { entitlement_ids } },
      { name, scenario_type: 'remove_entitlement', changes: { entitlement_ids, user_ids } },
      { name, scenario_type: 'add_role', changes: { role_name, entitlement_ids, user_ids } },
      { name, scenario_type: 'modify_role', target_role_id, changes: { entitlement_ids } },
      { name, scenario_type: 'remove_role', target_role_id, changes: {} },
    ]);
  }

  private value(chance: Chance, operation: Operation, name: string, schema: Schema): unknown {
    const resolved = this.document.resolve(schema);
    if (resolved.nullable === true && chance.happens(0.15)) return null;
    if (resolved.enum !== undefined) return chance.pick(resolved.enum);
    switch (resolved.type ?? 'string') {
      case 'integer':
      case 'number':
        return number(chance, resolved);
      case 'boolean':
        return chance.happens(0.5);
      case 'array': {
        const count = chance.integer(resolved.minItems ?? 0, 4);
        const kinds = this.document.resolve(resolved.items ?? {}).enum;
        if (kinds !== undefined) return chance.some(kinds, count);
        return this.stock.idsFor(chance, IDS_OF_FIELDS[name] ?? 'user_id', count);
      }
      case 'object':
        return Object.fromEntries(
          Object.entries(resolved.properties ?? {})
            .filter(([key]) => (resolved.required ?? []).includes(key) || chance.happens(0.5))
            .map(([key, property]) => [key, this.value(chance, operation, key, property)]),
        );
      default:
        return this.string(chance, operation, name, resolved);
    }
  }

  private string(
    chance: Chance,
    operation: Operation,
    name: string,
    { format, minLength = 1, maxLength = 60 }: Schema,
  ): string {
    if (format === 'uuid') return this.stock.idFor(chance, IDS_OF_FIELDS[name] ?? 'user_id', operation.id);
    if (format === 'date-time') return new Date(1.7e12 + chance.integer(0, 1e9) * 1000).toISOString();
    if (chance.happens(0.7)) return `${name} ${chance.integer(1, 1e9)}`.trim();
    const text = chance.sample(fc.string({ unit: CHARACTERS, minLength, maxLength: Math.min(maxLength, 40) })).trim();
    return /\p{Cc}/u.test(text) || text === '' ? 'Ünïcödé 名前 👩‍🚀' : text;
  }

  private resolvedItems(schema: Schema): Schema {
    return schema.items === undefined ? schema : { ...schema, items: this.document.resolve(schema.items) };
  }

  /** Files of an import; wrong ones are refused, and the document does not say which. */
  private upload(chance: Chance, isSpoilt: boolean): Pick<FuzzRequest, 'headers' | 'body' | 'forbidden'> {
    const rows = Array.from(
      { length: chance.integer(1, 30) },
      () => `u${chance.integer(1, 9)},e${chance.integer(1, 9)}`,
    );
    let text = ['user,entitlement', ...rows, ''].join('\n');
    if (isSpoilt) {
      const at = chance.integer(0, text.length);
      text = text.slice(0, at) + String(hostileText(chance)) + text.slice(chance.happens(0.5) ? at : at + 5);
    }
    const bytes = Uint8Array.from(chance.happens(0.2) ? gzipSync(text) : Buffer.from(text));
    if (chance.happens(0.5)) {
      const type = isSpoilt
        ? chance.pick(['text/csv', 'application/json', 'text/html', 'multipart/form-data'])
        : 'text/csv';
      return { headers: { 'Content-Type': type }, body: bytes, forbidden: null };
    }
    const form = new FormData();
    const part = isSpoilt ? chance.pick(['assignments', 'users', 'roles', 'nonsense', '']) : 'assignments';
    form.append(part, new Blob([bytes]), chance.pick(['a.csv', '../../a.csv', 'x'.repeat(300), 'ü.csv']));
    if (isSpoilt && chance.happens(0.3)) form.append('assignments', 'no file');
    return { headers: {}, body: form, forbidden: null };
  }
}

const IDS_OF_LISTS: Readonly<Record<string, string>> = {
  Users_list: 'user_id',
  Entitlements_list: 'entitlement_id',
  Roles_list: 'role_id',
};

function number(chance: Chance, { type, minimum = 0, maximum = 2 ** 31 - 1 }: Schema): number {
  if (chance.happens(0.1)) return chance.pick([minimum, maximum]);
  const highest = Math.min(maximum, minimum + 10);
  return type === 'integer'
    ? chance.integer(minimum, highest)
    : Number((minimum + chance.next() * (highest - minimum)).toFixed(3));
}

function hostileHeaders(chance: Chance): Record<string, string> {
  const text = hostileText(chance)
    .replace(/[^\x20-\x7e]/g, '?')
    .trim();
  return chance.pick<() => Record<string, string>>([
    () => ({ 'Idempotency-Key': text }),
    () => ({ 'X-Request-Id': text }),
    () => ({ 'X-Tenant-ID': text }),
    () => ({
      'Content-Type': chance.pick(['text/plain', 'application/xml', 'application/json; charset=utf-16', text || 'x']),
    }),
    () => ({ 'Content-Encoding': 'gzip' }),
    () => ({ Accept: 'text/html', 'Accept-Encoding': 'br', Range: 'bytes=0-1' }),
    () => ({ 'If-None-Match': '*', 'If-Modified-Since': 'Thu, 01 Jan 2099 00:00:00 GMT' }),
  ])();
}

function trimmed(value: unknown): unknown {
  if (typeof value === 'string') return value.trim();
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(trimmed);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, trimmed(part)]));
}

/** As the browser does, with what is no Unicode replaced. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}
