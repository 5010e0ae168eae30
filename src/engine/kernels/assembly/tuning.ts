/** Where one representation takes over from another: matters to time only. Set from outside, see `RepresentationTuning`. */
export let maxBitRows: i32 = 64;
export let verticalCost: f64 = 0.7;
export let minPackFactor: i32 = 4;

export function tune(bitRows: i32, cost: f64, packFactor: i32): void {
  maxBitRows = bitRows;
  verticalCost = cost;
  minPackFactor = packFactor;
}
