/**
 * One bump arena. What a node of the search allocates lies above what its parent allocated and goes when the node is
 * left: `mark` before, `release` after. Memory is never zeroed but by `allocateZeroed`.
 */

const PAGE_BITS: usize = 16;
let top: usize = __heap_base;
let exhausted: bool = false;

/** Whether the memory has run out since the last reset. */
export function isExhausted(): bool {
  return exhausted;
}

export function resetArena(): void {
  top = __heap_base;
  exhausted = false;
}

// @ts-ignore: decorator
@inline
export function mark(): usize {
  return top;
}

// @ts-ignore: decorator
@inline
export function release(to: usize): void {
  top = to;
}

/** Traps when the memory is at its maximum: the caller outside falls back. */
export function allocate(bytes: usize): usize {
  const start = top;
  top = (start + bytes + 7) & ~7;
  const available = (<usize>memory.size()) << PAGE_BITS;
  if (top > available) {
    const missing = (top - available + (1 << PAGE_BITS) - 1) >> PAGE_BITS;
    // Growing in large steps: each one costs a system call. Near the maximum exactly what is missing.
    if (memory.grow(<i32>max<usize>(missing, 64)) < 0 && memory.grow(<i32>missing) < 0) {
      exhausted = true;
      unreachable();
    }
  }
  return start;
}

export function allocateZeroed(bytes: usize): usize {
  const start = allocate(bytes);
  memory.fill(start, 0, bytes);
  return start;
}
