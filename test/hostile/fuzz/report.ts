import Table from 'cli-table3';
import type { FuzzReport, RouteTally } from './run-fuzz.js';

export function requestsOf({ statuses }: RouteTally): number {
  return [...statuses.values()].reduce((sum, count) => sum + count, 0);
}

/** Share of the requests of a route that succeeded, 0 to 1. */
export function successShare(tally: RouteTally): number {
  const succeeded = [...tally.statuses].filter(([status]) => status < 300).reduce((sum, [, count]) => sum + count, 0);
  return succeeded / requestsOf(tally);
}

export function fuzzTable({ routes, seed, requests, forbidden, seconds, faults, residentMiB }: FuzzReport): string {
  const table = new Table({
    head: ['Route', 'Requests', '2xx', 'Statuses', 'Slowest'],
    style: { head: [], border: [] },
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
  });
  for (const tally of routes) {
    const statuses = [...tally.statuses].sort(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`);
    table.push([
      tally.route,
      requestsOf(tally),
      `${Math.round(100 * successShare(tally))}%`,
      statuses.join(', '),
      `${Math.round(tally.slowestMs)} ms`,
    ]);
  }
  const [before, after] = residentMiB.map((mebibytes) => (mebibytes === null ? '?' : Math.round(mebibytes)));
  return [
    table.toString(),
    `${requests} requests in ${Math.round(seconds)} s (seed ${seed}), ${forbidden} of them forbidden by the document; memory ${before} MiB before, ${after} MiB after.`,
    faults.length === 0 ? 'No faults.' : `${faults.length} faults:\n${faults.map((fault) => `  ${fault}`).join('\n')}`,
  ].join('\n');
}
