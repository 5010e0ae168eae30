import type { BenchResult } from '../bench-result.js';
export function benchLists(): Promise<BenchResult[]> {
  return Promise.resolve([]);
}
