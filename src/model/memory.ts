/** How much memory a training may take on this machine. No browser tells what is free, so the bounds are ours. */

/** Tokens that are held at once: 512 MiB. */
export const MOST_TOKENS = 2 ** 27;

const GIB = 2 ** 30;
/** Of the machine's memory: the browser, its other pages and the system want the rest. */
const SHARE = 1 / 4;

interface Machine {
  /** GiB. */
  deviceMemory?: number;
}

/**
 * Bytes: no more than `most`, and a quarter of the machine's memory where the browser tells it (Chrome, rounded and at most 8 GiB).
 */
export function memoryBound(most: number, machine = (globalThis.navigator ?? {}) as Machine): number {
  const { deviceMemory } = machine;
  return deviceMemory ? Math.min(most, deviceMemory * GIB * SHARE) : most;
}
