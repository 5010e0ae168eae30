import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Html, html, type HtmlPart } from './html.js';
import type { CompletedRun, MiningReport } from './mining-report.js';
import { renderCandidates } from './sections/candidates.js';
import { renderCurve } from './sections/curve.js';
import { leadSentence, renderHeadline } from './sections/headline.js';
import { renderMatrix } from './sections/matrix.js';
import { renderOutliers } from './sections/outliers.js';
import { renderOverlaps } from './sections/overlaps.js';
import { renderSection, type Section } from './sections/section.js';
import { renderState } from './sections/state.js';
import { renderSuspected } from './sections/suspected.js';
import { moment } from './wording.js';

/** The page's one script and one style sheet, and what a browser may do with it. */
interface PageAssets {
  readonly script: string;
  readonly style: string;
  readonly policy: string;
}

let loaded: PageAssets | undefined;

function pageAssets(): PageAssets {
  if (loaded === undefined) {
    const [script, style] = ['report.js', 'report.css'].map(readBuilt);
    const policy = [
      `default-src 'none'`,
      `script-src ${sourceOf(script)}`,
      `style-src ${sourceOf(style)}`,
      `base-uri 'none'`,
      `form-action 'none'`,
    ].join('; ');
    loaded = { script, style, policy };
  }
  return loaded;
}

/** Outside dist/, so that the same relative path leads there from src/ and from dist/. */
function readBuilt(name: string): string {
  const file = new URL(`../../build/${name}`, import.meta.url);
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Error(`cannot read ${file.pathname}: run \`npm run build:report\``, { cause });
  }
}

function sourceOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/**
 * The header for the answer with a report: a browser may run its one script and use its one style sheet, both known by their
 * hash, and ask nobody for anything. The page says the same itself, but for who may frame it, which only a header can.
 */
export function reportContentSecurityPolicy(): string {
  return `${pageAssets().policy}; frame-ancestors 'none'`;
}

/** The report as one HTML file that needs nothing else. */
export function renderReport(report: MiningReport): string {
  const { title, state, writtenAt } = report;
  const { script, style, policy } = pageAssets();
  const sections = state.kind === 'completed' ? sectionsOf(state.run) : [];
  const main: HtmlPart =
    state.kind === 'completed' ? [caveats(state.run), sections.map(renderSection)] : renderState(report, state);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <meta name="robots" content="noindex" />
        <title>${title} · Role mining report</title>
        ${hashed('style', style)}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the report</a>
        <header>
          <p class="kicker">Role mining report</p>
          <h1>${title}</h1>
          ${state.kind === 'completed' && html`<p class="lead">${leadSentence(state.run.figures)}</p>`}
          <p class="origin">${originLine(report)}</p>
          ${
            sections.length > 0 &&
            html`<nav aria-label="Contents">
              <ul>
                ${sections.map(({ id, title: name }) => html`<li><a href="#${id}">${name}</a></li>`)}
              </ul>
            </nav>`
          }
        </header>
        <main id="main" tabindex="-1">${main}</main>
        <footer>
          <p>
            Written on ${moment(writtenAt)}. This file holds names and access of people: keep it as you would keep
            those.
          </p>
        </footer>
        ${hashed('script', script)}
      </body>
    </html>`;
  return `${page.text}\n`;
}

/** Not in a template, where a space added would be another hash. */
function hashed(element: 'script' | 'style', text: string): Html {
  return new Html(`<${element}>${text}</${element}>`);
}

function originLine({ origin, state }: MiningReport): string {
  const at = state.kind === 'completed' ? state.run.figures.snapshotAt : null;
  return at === null ? origin : `${origin} · access as of ${moment(at)}`;
}

function caveats({ caveats: sentences }: CompletedRun): HtmlPart {
  return sentences.map((sentence) => html`<p class="caveat" role="note">${sentence}</p>`);
}

function sectionsOf(run: CompletedRun): Section[] {
  const sections: (Section | null)[] = [
    { id: 'figures', title: 'In figures', content: renderHeadline(run.figures) },
    run.matrix && { id: 'matrix', title: 'Who holds what, role by role', content: renderMatrix(run.matrix) },
    { id: 'curve', title: 'Where to stop', content: renderCurve(run) },
    { id: 'candidates', title: 'Role candidates', content: renderCandidates(run.candidates, run.matrix) },
    run.outliers && { id: 'outliers', title: 'People above their peers', content: renderOutliers(run.outliers) },
    run.overlaps && { id: 'overlaps', title: 'Overlapping roles', content: renderOverlaps(run.overlaps) },
    run.suspected && {
      id: 'suspected',
      title: 'Grants that look like mistakes',
      content: renderSuspected(run.suspected),
    },
    { id: 'method', title: 'How this was found', content: renderMethod(run.method) },
  ];
  return sections.filter((section) => section !== null);
}

function renderMethod(terms: CompletedRun['method']): Html {
  return html`<dl class="method">
    ${terms.map(
      ([term, value]) =>
        html`<div>
          <dt>${term}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}
