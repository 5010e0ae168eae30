import { Ajv, type ValidateFunction } from 'ajv';
import ajvFormats from 'ajv-formats';

export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly nullable?: boolean;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly allOf?: readonly Schema[];
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
}

interface Media {
  readonly schema: Schema;
}

interface RawOperation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Media>> }>>;
}

export interface RawDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, RawOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

export interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  /** The JSON body; null when the operation takes none, or files. */
  readonly body: Schema | null;
  readonly isUpload: boolean;
  /** Whether the document forbids the body. */
  forbidsBody(value: unknown): boolean;
  /** What is wrong with an answer according to the document; null when nothing is. */
  faultOfAnswer(status: number, contentType: string | null, body: unknown): string | null;
}

/** An OpenAPI document as things that can be called and answers that can be judged. */
export class ApiDocument {
  readonly operations: readonly Operation[];
  private readonly ajv = ajvFormats.default(new Ajv({ strict: false, allErrors: false, validateFormats: true }));

  constructor(private readonly document: RawDocument) {
    this.ajv.addFormat('binary', true);
    this.ajv.addSchema({ $id: 'api', components: standardSchema(document.components) as object });
    this.operations = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => this.operationOf(path, method.toUpperCase(), operation)),
    );
  }

  resolve(schema: Schema): Schema {
    const { $ref, allOf, ...rest } = schema;
    if ($ref !== undefined) return this.resolve(this.document.components.schemas[$ref.split('/').at(-1) ?? '']);
    if (allOf !== undefined)
      return { ...Object.assign({}, ...allOf.map((part) => this.resolve(part))), ...rest } as Schema;
    return schema;
  }

  private operationOf(path: string, method: string, operation: RawOperation): Operation {
    const body = operation.requestBody?.content['application/json']?.schema ?? null;
    const isUpload = operation.requestBody !== undefined && body === null;
    const bodyRule = body === null ? null : this.compile(body);
    const answers = new Map<string, { type: string | null; rule: ValidateFunction | null }>();
    for (const [status, { content }] of Object.entries(operation.responses)) {
      const [media] = Object.entries(content ?? {});
      answers.set(status, media ? { type: media[0], rule: this.compile(media[1].schema) } : { type: null, rule: null });
    }
    return {
      id: operation.operationId,
      method,
      path,
      parameters: operation.parameters ?? [],
      body,
      isUpload,
      forbidsBody: (value) => bodyRule !== null && !bodyRule(value),
      faultOfAnswer: (status, contentType, value) => {
        const documented = answers.get(String(status));
        if (documented === undefined) return `the status ${status} is not documented`;
        const type = contentType?.split(';', 1)[0] ?? null;
        if (documented.type !== type) return `${status} has the type ${type}, documented is ${documented.type}`;
        if (documented.rule === null || documented.rule(value)) return null;
        return `${status} breaks its schema: ${this.ajv.errorsText(documented.rule.errors)}`;
      },
    };
  }

  private compile(schema: Schema): ValidateFunction {
    return this.ajv.compile(standardSchema(schema) as object);
  }
}

/**
 * OpenAPI 3.0 as JSON Schema: references into the registered document, and `nullable` beside `allOf` as it is meant there,
 * null or the rest (the letter of JSON Schema would let `allOf` refuse null).
 */
function standardSchema(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(standardSchema);
  if (typeof value !== 'object' || value === null) return value;
  const { nullable, $ref, ...rest } = value as Schema;
  if ($ref !== undefined) return { $ref: `api${$ref}` };
  const schema = Object.fromEntries(Object.entries(rest).map(([key, part]) => [key, standardSchema(part)]));
  return nullable === true ? { anyOf: [{ type: 'null' }, schema] } : schema;
}

/** Whether the document forbids the text of a parameter; every known one is given once and not empty. */
export function forbidsParameter(schema: Schema, text: string): boolean {
  if (text === '') return true;
  switch (schema.type ?? 'string') {
    case 'integer':
      return !/^-?\d+$/.test(text) || isOutside(schema, Number(text));
    case 'number':
      return !/^-?\d+(\.\d+)?$/.test(text) || isOutside(schema, Number(text));
    case 'boolean':
      return text !== 'true' && text !== 'false';
    case 'array': {
      const items = text.split(',').map((item) => item.trim());
      return (
        items.length > (schema.maxItems ?? Infinity) || items.some((item) => forbidsParameter(schema.items ?? {}, item))
      );
    }
    default:
      if (schema.enum !== undefined) return !schema.enum.includes(text);
      if (schema.format === 'uuid') return !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
      if (schema.format === 'date-time') return !/^\d{4}-\d\d-\d\dT/.test(text);
      return isOutside({ minimum: schema.minLength, maximum: schema.maxLength }, [...text].length);
  }
}

function isOutside(
  { minimum = -Infinity, maximum = Infinity }: Pick<Schema, 'minimum' | 'maximum'>,
  value: number,
): boolean {
  return value < minimum || value > maximum;
}
