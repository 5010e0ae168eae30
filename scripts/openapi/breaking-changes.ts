/**
 * What a client of one version of an OpenAPI document could trip over in another: what has gone, what is required now,
 * what is refused now, what can be missing from an answer now. Texts and examples do not count, and neither do additions
 * that a client need not know. Values that are added to an enum of an answer are allowed: clients have to expect them.
 */

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly nullable?: boolean;
  readonly enum?: readonly unknown[];
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
}
interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: Schema;
}
type Content = Readonly<Record<string, { readonly schema?: Schema }>>;
interface Operation {
  readonly operationId?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
const LOWER_LIMITS = ['minimum', 'minLength', 'minItems'] as const;
const UPPER_LIMITS = ['maximum', 'maxLength', 'maxItems'] as const;

/** Who sends what a schema describes: what is sent may be narrowed, what is taken may be widened. */
type Direction = 'request' | 'response';

/** One sentence for each, in the order of the earlier document; none when every client of the earlier one is served. */
export function breakingChanges(before: ApiDocument, after: ApiDocument): string[] {
  return new Comparison(before, after).changes();
}

class Comparison {
  private readonly found = new Set<string>();
  /** Schemas refer to each other in circles. */
  private readonly compared = new Set<string>();

  constructor(
    private readonly before: ApiDocument,
    private readonly after: ApiDocument,
  ) {}

  changes(): string[] {
    for (const [path, item] of Object.entries(this.before.paths)) {
      for (const method of METHODS) {
        const earlier = item[method] as Operation | undefined;
        if (earlier === undefined) continue;
        const later = this.after.paths[path]?.[method] as Operation | undefined;
        const where = `${method.toUpperCase()} ${path}`;
        if (later === undefined) this.report(where, 'has been removed');
        else this.operation(where, earlier, later);
      }
    }
    // What only texts mention, such as the lines of a stream.
    for (const name of Object.keys(this.before.components?.schemas ?? {})) {
      const reference = { $ref: `#/components/schemas/${name}` };
      const isKnown = ['request', 'response'].some((direction) => this.compared.has(`${direction} ${name} ${name}`));
      if (!isKnown && name in (this.after.components?.schemas ?? {}))
        this.schema(name, reference, reference, 'response');
    }
    return [...this.found];
  }

  private report(where: string, what: string): void {
    this.found.add(`${where} ${what}`);
  }

  private operation(where: string, before: Operation, after: Operation): void {
    if (before.operationId !== after.operationId) this.report(where, `has another operationId, ${after.operationId}`);
    this.parameters(where, before.parameters ?? [], after.parameters ?? []);
    this.requestBody(where, before.requestBody, after.requestBody);
    for (const [status, response] of Object.entries(before.responses)) {
      const later = after.responses[status];
      const there = `${where} ${status}`;
      if (later === undefined) this.report(there, 'has been removed');
      else this.content(there, response.content ?? {}, later.content ?? {}, 'response');
    }
    for (const status of Object.keys(after.responses)) {
      if (status.startsWith('2') && !(status in before.responses))
        this.report(`${where} ${status}`, 'is a new success');
    }
  }

  private parameters(where: string, before: readonly Parameter[], after: readonly Parameter[]): void {
    const same = (a: Parameter) => (b: Parameter) => a.name === b.name && a.in === b.in;
    for (const earlier of before) {
      const later = after.find(same(earlier));
      const there = `${where} ${earlier.in} parameter "${earlier.name}"`;
      if (later === undefined) {
        this.report(there, 'has been removed');
        continue;
      }
      if (later.required && !earlier.required) this.report(there, 'is required now');
      this.schema(there, earlier.schema ?? {}, later.schema ?? {}, 'request');
    }
    for (const parameter of after) {
      if (parameter.required && !before.some(same(parameter)))
        this.report(`${where} ${parameter.in} parameter "${parameter.name}"`, 'is new and required');
    }
  }

  private requestBody(where: string, before: Operation['requestBody'], after: Operation['requestBody']): void {
    if (after?.required && !before?.required) this.report(`${where} body`, 'is required now');
    if (before === undefined) return;
    if (after === undefined) this.report(`${where} body`, 'has been removed');
    else this.content(`${where} body`, before.content, after.content, 'request');
  }

  private content(where: string, before: Content, after: Content, direction: Direction): void {
    for (const [type, media] of Object.entries(before)) {
      const later = after[type];
      if (later === undefined) this.report(`${where} ${type}`, 'has been removed');
      else this.schema(where, media.schema ?? {}, later.schema ?? {}, direction);
    }
  }

  private schema(where: string, before: Schema, after: Schema, direction: Direction): void {
    const names = [nameOf(before), nameOf(after)];
    if (names.every((name) => name !== null)) {
      const pair = `${direction} ${names.join(' ')}`;
      if (this.compared.has(pair)) return;
      this.compared.add(pair);
    }
    const earlier = resolved(before, this.before);
    const later = resolved(after, this.after);
    const there = names[0] === null || names[1] === null ? where : names[0];
    if (earlier.type !== later.type)
      this.report(there, `is ${later.type ?? 'untyped'} now, was ${earlier.type ?? 'untyped'}`);
    if (earlier.format !== later.format)
      this.report(there, `has the format ${later.format ?? 'none'} now, had ${earlier.format ?? 'none'}`);
    if (direction === 'request') this.narrowed(there, earlier, later);
    else if (later.nullable && !earlier.nullable) this.report(there, 'can be null now');
    this.values(there, earlier, later, direction);
    this.properties(there, earlier, later, direction);
    if (earlier.items && later.items) this.schema(`${there}[]`, earlier.items, later.items, direction);
    if (typeof earlier.additionalProperties === 'object' && typeof later.additionalProperties === 'object')
      this.schema(`${there}{}`, earlier.additionalProperties, later.additionalProperties, direction);
    for (const kind of ['oneOf', 'anyOf'] as const) {
      if (JSON.stringify(earlier[kind]) !== JSON.stringify(later[kind])) this.report(there, `has another ${kind}`);
    }
  }

  private narrowed(where: string, before: Schema, after: Schema): void {
    if (before.nullable && !after.nullable) this.report(where, 'must not be null now');
    for (const limit of LOWER_LIMITS) {
      if ((after[limit] ?? -Infinity) > (before[limit] ?? -Infinity))
        this.report(where, `has a higher ${limit}, ${after[limit]}`);
    }
    for (const limit of UPPER_LIMITS) {
      if ((after[limit] ?? Infinity) < (before[limit] ?? Infinity))
        this.report(where, `has a lower ${limit}, ${after[limit]}`);
    }
    if (after.pattern !== undefined && after.pattern !== before.pattern)
      this.report(where, `must match ${after.pattern} now`);
  }

  private values(where: string, before: Schema, after: Schema, direction: Direction): void {
    const gone = (before.enum ?? []).filter((value) => after.enum !== undefined && !after.enum.includes(value));
    for (const value of gone) this.report(where, `has no value ${JSON.stringify(value)} any more`);
    if (direction === 'request' && before.enum === undefined && after.enum !== undefined)
      this.report(where, 'takes certain values only now');
  }

  private properties(where: string, before: Schema, after: Schema, direction: Direction): void {
    const later = after.properties ?? {};
    for (const [name, property] of Object.entries(before.properties ?? {})) {
      const there = `${where}.${name}`;
      if (!(name in later)) {
        this.report(there, 'has been removed');
        continue;
      }
      const [wasRequired, isRequired] = [before, after].map(({ required }) => required?.includes(name) ?? false);
      if (direction === 'request' && isRequired && !wasRequired) this.report(there, 'is required now');
      if (direction === 'response' && wasRequired && !isRequired) this.report(there, 'can be missing now');
      this.schema(there, property, later[name], direction);
    }
    for (const name of Object.keys(later)) {
      const isNew = !(name in (before.properties ?? {}));
      if (direction === 'request' && isNew && after.required?.includes(name))
        this.report(`${where}.${name}`, 'is new and required');
    }
  }
}

function nameOf({ $ref, allOf }: Schema): string | null {
  const reference = $ref ?? (allOf?.length === 1 ? allOf[0].$ref : undefined);
  return reference?.split('/').at(-1) ?? null;
}

/** The schema that a reference names; parts that all hold as one. */
function resolved(schema: Schema, document: ApiDocument): Schema {
  if (schema.$ref !== undefined) {
    const name = nameOf(schema) ?? '';
    return resolved(document.components?.schemas?.[name] ?? {}, document);
  }
  if (schema.allOf === undefined) return schema;
  const parts = [...schema.allOf.map((part) => resolved(part, document)), { ...schema, allOf: undefined }];
  return {
    ...parts.reduce<Schema>((all, part) => ({ ...all, ...part }), {}),
    properties: Object.assign({}, ...parts.map(({ properties }) => properties ?? {})) as Schema['properties'],
    required: parts.flatMap(({ required }) => required ?? []),
  };
}
