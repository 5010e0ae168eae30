import { RowProblem } from './read-rows.js';

const TIMESTAMP = /^(\d{4}-(\d{2})-(\d{2}))(?:[T ](\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?)?$/i;

/**
 * ISO 8601: a day, or a day and a time; without an offset it is UTC.
 *
 * @throws RowProblem for anything else, days that do not exist included
 */
export function parseTimestamp(column: string, text: string): Date {
  const [, day, , dayOfMonth, time = '00:00', offset = 'Z'] = TIMESTAMP.exec(text) ?? [];
  // The day by itself shows the 30th of February, which `Date` takes for the 1st of March.
  const exists = day !== undefined && new Date(`${day}T00:00:00Z`).getUTCDate() === Number(dayOfMonth);
  const zone = offset.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2').toUpperCase();
  const timestamp = new Date(exists ? `${day}T${time.replace(',', '.')}${zone}` : NaN);
  if (Number.isNaN(timestamp.getTime())) {
    throw new RowProblem(`${column}: expected a date and time such as 2026-05-31T08:15:00Z, got: ${text}`);
  }
  return timestamp;
}
