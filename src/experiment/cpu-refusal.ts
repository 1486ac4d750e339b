/** What the trainer would refuse on the CPU, told before it is asked: by its own rule, before any corpus is built. */
import { fewestTokens } from '../model/corpora.ts';
import { InputError } from '../model/parse.ts';
import type { Run } from '../model/run.ts';
import { modelShape } from '../model/shape.ts';
import { assertFitsCpu } from '../reference/capacity.ts';

/** The refusal of the first of the cohorts that is too much; null where the CPU may train them all. */
export function cpuRefusal(cohorts: readonly Run[][]): InputError | null {
  try {
    for (const runs of cohorts) {
      const [{ recipe, width }] = runs;
      const { corpus, batch, steps, optimizer } = recipe;
      // Of a text two characters are sure before it is read: nothing is refused here that the trainer would train.
      const shape = modelShape(recipe, width, fewestTokens(corpus));
      assertFitsCpu({ shape, batch, steps, runs: [{ optimizer }] });
    }
    return null;
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
}
