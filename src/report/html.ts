/** Text that is HTML already. Made by `html` only, so that whatever else is put into a page is escaped. */
export class Html {
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

export type HtmlPart = Html | string | number | null | false | readonly HtmlPart[];

/** A piece of HTML. Every value is escaped unless it is HTML itself; null and false are nothing, lists are put together. */
export function html(texts: TemplateStringsArray, ...values: HtmlPart[]): Html {
  const own = withoutIndentation(texts);
  let text = own[0];
  for (const [index, value] of values.entries()) text += textOf(value) + own[index + 1];
  return new Html(text);
}

const pieces = new WeakMap<TemplateStringsArray, readonly string[]>();

/** The template's own indentation, which would be a third of a report, goes; values keep every character. */
function withoutIndentation(texts: TemplateStringsArray): readonly string[] {
  let known = pieces.get(texts);
  if (known === undefined) pieces.set(texts, (known = texts.map((text) => text.replace(/\n\s+/g, '\n'))));
  return known;
}

/** A value inside a `<script type="application/json">`, where no text may look like a tag. */
export function jsonForHtml(value: unknown): Html {
  return new Html(JSON.stringify(value).replaceAll('<', '\\u003c').replaceAll('>', '\\u003e'));
}

const REFERENCES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function textOf(value: HtmlPart): string {
  if (value === null || value === false) return '';
  if (value instanceof Html) return value.text;
  if (Array.isArray(value)) return (value as readonly HtmlPart[]).map(textOf).join('');
  return String(value).replace(/[&<>"']/g, (character) => REFERENCES[character]);
}
