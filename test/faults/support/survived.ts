import { appendFileSync } from 'node:fs';

/** A line of the table that a run prints at its end. */
export interface Survived {
  /** What was done to the service. */
  readonly fault: string;
  /** How often. */
  readonly injected: number;
  /** How often everything was as promised afterwards. */
  readonly survived: number;
  /** What was measured, in words. */
  readonly figure: string;
}

/** Call it once the assertions have held. */
export function survived(line: Survived): void {
  appendFileSync(process.env['FAULTS_SURVIVED']!, `${JSON.stringify(line)}\n`);
}
