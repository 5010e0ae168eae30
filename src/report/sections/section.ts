import { html, type Html, type HtmlPart } from '../html.js';
import type { Shown } from '../mining-report.js';
import { count } from '../wording.js';

/** A part of the report: a landmark under its own heading. */
export interface Section {
  /** Fragment that the table of contents leads to. */
  readonly id: string;
  readonly title: string;
  readonly content: Html;
}

export function renderSection({ id, title, content }: Section): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${content}
  </section>`;
}

/** `The first 200 of 1,481 are listed.`; nothing when all are. */
export function howMuchIsShown({ items, total }: Shown<unknown>, where = ''): Html | null {
  if (items.length >= total) return null;
  return html`<p class="note">The first ${count(items.length)} of ${count(total)} are listed here${where}.</p>`;
}

/** Names one after the other, and how many more there are. */
export function nameList({ items, total }: Shown<string>): Html {
  const more = total - items.length;
  return html`<ul class="names">
    ${items.map((name) => html`<li>${name}</li>`)}${more > 0 && html`<li class="more">and ${count(more)} more</li>`}
  </ul>`;
}

/** A list that opens on demand; nothing when it is empty. */
export function foldedList(summary: string, list: Shown<string>): HtmlPart {
  return (
    list.total > 0 &&
    html`<details>
      <summary>${summary}</summary>
      ${nameList(list)}
    </details>`
  );
}
