/** Seeded random numbers that are the same on every machine: sfc32 seeded by a hash of the seed and a purpose. */

export interface RandomStream {
  /** Uniform in [0, 1), 32 bits. */
  uniform(): number;
  /** Standard normal (Box-Muller). */
  normal(): number;
  /** Uniform whole number in [0, n). */
  below(n: number): number;
  /** One that draws the same from here on, by itself. */
  copy(): RandomStream;
}

/** Streams with different purposes (say, tensor names) are independent of one another. */
export function randomStream(seed: number, purpose: string): RandomStream {
  const hash = fnv1a(purpose);
  const stream = sfc32(seed >>> 0, hash, (seed ^ Math.imul(hash, 0x9e3779b1)) >>> 0, 1, null);
  for (let i = 0; i < 16; i++) stream.uniform();
  return stream;
}

/**
 * Small fast counting generator of C. Doty-Humphrey (PractRand), 128 bits of state.
 * @param spare the second normal number of a pair whose first was drawn.
 */
function sfc32(a: number, b: number, c: number, counter: number, spare: number | null): RandomStream {
  const uniform = () => {
    const t = (a + b + counter) >>> 0;
    counter = (counter + 1) >>> 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) >>> 0;
    c = (((c << 21) | (c >>> 11)) + t) >>> 0;
    return t / 2 ** 32;
  };
  const normal = () => {
    if (spare !== null) {
      const value = spare;
      spare = null;
      return value;
    }
    // 1 - u lies in (0, 1], so the logarithm is finite.
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
  return {
    uniform,
    normal,
    below: (n) => Math.floor(uniform() * n),
    copy: () => sfc32(a, b, c, counter, spare),
  };
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
