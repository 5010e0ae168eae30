/** How numbers and times are written in the report. */

export function count(value: number): string {
  return value.toLocaleString('en');
}

/** `1 role`, `2,000 roles`. */
export function counted(value: number, singular: string, plural = `${singular}s`): string {
  return `${count(value)} ${value === 1 ? singular : plural}`;
}

/** Of a value from 0 to 100, rounded down: 100% is said of everything only. */
export function percent(value: number, digits = 1): string {
  const factor = 10 ** digits;
  // A share such as 0.29 × 100 must not lose its last digit to binary fractions.
  return `${(Math.floor(value * factor + 1e-9) / factor).toLocaleString('en')}%`;
}

export function fixed(value: number, digits: number): string {
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** `24 November 2026, 21:40 UTC`. */
export function moment(at: Date): string {
  const text = at.toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
  return `${text.replace(' at ', ', ')} UTC`;
}

/** `less than a minute`, `5 minutes`, `3 hours`, `2 days`. */
export function duration(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 1) return 'less than a minute';
  if (minutes < 120) return counted(minutes, 'minute');
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? counted(hours, 'hour') : counted(Math.floor(hours / 24), 'day');
}

/** Natural logarithm of odds as people say them: `about 100 to 1`. */
export function odds(nats: number): string {
  const ratio = Math.exp(Math.min(nats, 13.8));
  const magnitude = 10 ** Math.max(0, Math.floor(Math.log10(ratio)) - 1);
  const rounded = Math.max(1, Math.round(ratio / magnitude) * magnitude);
  return nats > 13.8 ? 'more than 1,000,000 to 1' : `${count(rounded)} to 1`;
}
