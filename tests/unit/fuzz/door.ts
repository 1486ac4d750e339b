/**
 * A door through which input comes, and what must be true of it whatever comes: it is taken, or refused in one sentence that names a field.
 * The suite puts the same few hundred cases through each door, `npm run fuzz` ten thousand others; `FUZZ_SEED=… npm run fuzz` repeats those of a
 * seed, which the test's name prints, `FUZZ_CASES=…` says how many.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InputError } from '../../../src/model/parse.ts';

const { FUZZ_SEED = '1', FUZZ_CASES = '200' } = process.env;
const SEED = FUZZ_SEED === 'random' ? Math.floor(Math.random() * 2 ** 31) : Number(FUZZ_SEED);

/** What is refused is refused at once: within a second of the processor's own time, and in the best of three tries within some. */
const HANGING_MILLISECONDS = { suspected: 1000, certain: 5000 };

const PROTOTYPES = [Object.prototype, Array.prototype, String.prototype, Function.prototype];
const keysOf = () => PROTOTYPES.map((prototype) => Reflect.ownKeys(prototype).length);
const UNTOUCHED = keysOf();

export interface Refused {
  /** What a refusal begins with, where it is not the field itself, e.g. the name of a file. */
  begins?: RegExp;
}

/** @param take throws an `InputError` to refuse. */
export function door<T>(
  name: string,
  inputs: fc.Arbitrary<T>,
  take: (input: T) => void | Promise<void>,
  { begins }: Refused = {},
): void {
  test(`${name}: ${FUZZ_CASES} cases of seed ${SEED}`, async () => {
    const property = fc.asyncProperty(inputs, async (input) => {
      const attempt = async () => {
        const begun = process.cpuUsage();
        try {
          await take(input);
        } catch (error) {
          if (!(error instanceof InputError)) throw error;
          expectSentence(error, begins);
        }
        const { user, system } = process.cpuUsage(begun);
        return (user + system) / 1000;
      };
      let least = await attempt();
      for (let tries = 0; tries < 2 && least > HANGING_MILLISECONDS.suspected; tries++) {
        least = Math.min(least, await attempt());
      }
      expect(least).toBeLessThan(HANGING_MILLISECONDS.certain);
      expect(keysOf(), 'keys of prototypes').toEqual(UNTOUCHED);
    });
    await fc.assert(property, { seed: SEED, numRuns: Number(FUZZ_CASES) });
  });
}

function expectSentence({ field, message }: InputError, begins: RegExp | undefined): void {
  expect(field).not.toBe('');
  expect(message.length).toBeLessThan(1000);
  expect(message).toMatch(/^\S[^]*[.!?]$/);
  if (begins) expect(message).toMatch(begins);
  else expect(message.startsWith(field), `"${message}" names ${field}`).toBe(true);
}
