import { accessMatrixFromRows, type AccessMatrix } from '../src/engine/matrix/access-matrix.js';

/**
 * A seeded organisation with about 20 entitlements a user: birthrights of everybody, nested department and title
 * roles (departments of very different size), shared project roles, then noise: `noise` of the assignments taken
 * away and as many random ones added.
 */
export function patternOrganisation(users: number, entitlements: number, noise: number, seed: number): AccessMatrix {
  const random = mulberry32(seed);
  const below = (n: number): number => Math.floor(random() * n);
  const pick = (count: number, from: number, end: number): number[] =>
    Array.from({ length: count }, () => from + below(end - from));
  const birthrightEnd = Math.floor(entitlements * 0.002) + 2;
  const projectStart = Math.floor(entitlements * 0.7);
  const departmentCount = Math.max(2, Math.floor(entitlements / 50));
  const departments = Array.from({ length: departmentCount }, (_, d) => {
    const from = birthrightEnd + Math.floor((d * (projectStart - birthrightEnd)) / departmentCount);
    const end = birthrightEnd + Math.floor(((d + 1) * (projectStart - birthrightEnd)) / departmentCount);
    return {
      base: pick(4 + below(4), from, end),
      titles: Array.from({ length: 3 + below(8) }, () => pick(2 + below(5), from, end)),
    };
  });
  const projects = Array.from({ length: Math.floor(entitlements / 12) }, () =>
    pick(2 + below(4), projectStart, entitlements),
  );
  const birthright = Array.from({ length: birthrightEnd }, (_, e) => e).filter((e) => e < 8);

  const rowOffsets = new Int32Array(users + 1);
  const columns: number[] = [];
  for (let user = 0; user < users; user++) {
    // The square makes the first departments many times larger than the last.
    const department = departments[Math.floor(random() ** 2 * departmentCount)];
    const row = [...birthright, ...department.base];
    row.push(...department.titles[Math.floor(random() ** 2 * department.titles.length)]);
    if (below(3) === 0) row.push(...projects[Math.floor(random() ** 2 * projects.length)]);
    if (below(6) === 0) row.push(...projects[below(projects.length)]);
    for (const entitlement of row) {
      columns.push(random() < noise ? below(entitlements) : entitlement);
    }
    rowOffsets[user + 1] = columns.length;
  }
  return accessMatrixFromRows(users, entitlements, rowOffsets, Int32Array.from(columns));
}

function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
