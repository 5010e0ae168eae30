import { html, type Html } from '../html.js';
import type { CompletedRun, ReportSuspicion, Shown } from '../mining-report.js';
import { counted, odds } from '../wording.js';
import { howMuchIsShown } from './section.js';

/** Single grants that look like mistakes. */
export function renderSuspected({ missing, extra }: NonNullable<CompletedRun['suspected']>): Html {
  if (missing.total + extra.total === 0) return html`<p>No single grant looks like a mistake.</p>`;
  return html`<p>
      Seen in the light of the roles, these look like mistakes. They are for somebody to look at; nothing is ever
      changed by itself.
    </p>
    <div class="columns">
      ${list('Held, and probably by mistake', extra)} ${list('Not held, and probably forgotten', missing)}
    </div>`;
}

function list(title: string, suspicions: Shown<ReportSuspicion>): Html {
  return html`<div>
    <h3>${title}</h3>
    ${howMuchIsShown(suspicions, '; they are the surest')}
    ${
      suspicions.total === 0
        ? html`<p>None.</p>`
        : html`<table class="compact">
            <caption class="hidden">
              ${title}: ${counted(suspicions.total, 'grant')}
            </caption>
            <thead>
              <tr>
                <th scope="col">Person</th>
                <th scope="col">Entitlement</th>
                <th scope="col" class="number">Odds</th>
              </tr>
            </thead>
            <tbody>
              ${suspicions.items.map(
                ({ user, entitlement, score }) =>
                  html`<tr>
                    <th scope="row">${user}</th>
                    <td>${entitlement}</td>
                    <td class="number">${odds(score)}</td>
                  </tr>`,
              )}
            </tbody>
          </table>`
    }
  </div>`;
}
