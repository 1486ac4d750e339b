/** Numbers drawn at random, the same for the same seed on every machine. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** At least 0, below 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  chance = (probability: number): boolean => this.next() < probability;
  /** Whole, both ends included. */
  whole = (least: number, most: number): number => least + Math.floor(this.next() * (most - least + 1));
  between = (least: number, most: number): number => least + this.next() * (most - least);
  pick = <T>(all: readonly T[]): T => all[this.whole(0, all.length - 1)]!;

  some<T>(all: readonly T[], count: number): T[] {
    return this.shuffled(all).slice(0, count);
  }

  shuffled<T>(all: readonly T[]): T[] {
    const copy = [...all];
    for (let i = copy.length - 1; i > 0; i--) {
      const k = this.whole(0, i);
      [copy[i], copy[k]] = [copy[k]!, copy[i]!];
    }
    return copy;
  }
}
