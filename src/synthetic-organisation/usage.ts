import { type IntegerLists, type SeededRandom } from '../engine/index.js';

/** Usage data of an assignment that the source system does not report. */
export const usageUnknown = -1;

const unknownShare = 0.08;
const dormantUserShare = 0.03;
/** How much of an entitlement is in use, by kind: most are, some half, some have been forgotten. */
const activeShares = [0.97, 0.9, 0.9, 0.6, 0.15] as const;
const recentDays = 60;
const oldestDays = 720;

/** Days since each assignment was last used, parallel to `rows.values`; `usageUnknown` where nothing is known. */
export function drawUsage(rows: IntegerLists, entitlementCount: number, random: SeededRandom): Int16Array {
  const activeShare = Float64Array.from(
    { length: entitlementCount },
    () => activeShares[random.below(activeShares.length)],
  );
  const daysUnused = new Int16Array(rows.values.length);
  for (let user = 0; user + 1 < rows.offsets.length; user++) {
    const dormant = random.float() < dormantUserShare;
    for (let at = rows.offsets[user]; at < rows.offsets[user + 1]; at++) {
      if (random.float() < unknownShare) {
        daysUnused[at] = usageUnknown;
      } else if (!dormant && random.float() < activeShare[rows.values[at]]) {
        daysUnused[at] = random.below(recentDays);
      } else {
        daysUnused[at] = 100 + random.below(oldestDays - 100);
      }
    }
  }
  return daysUnused;
}
