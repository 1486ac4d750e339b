/** What takes part in the comparison of step times: a library that trains the benchmark's GPT, or our own engine. */
import type { GptSize } from './gpt.ts';

export interface Contender {
  name: string;
  version: string;
  /** In which way its mathematics is not that of the benchmark's GPT; null where it is the same, up to rounding. */
  differs: string | null;
  /**
   * Compiles and uploads what it needs.
   * @param parameters initial tensors by name, stored [fan-in, fan-out].
   * @param batches tokens [batch, context + 1] of each batch, trained on in turn, again and again.
   * @throws Refusal where it does not run on this adapter.
   */
  prepare(
    size: GptSize,
    parameters: ReadonlyMap<string, Float32Array>,
    batches: readonly Int32Array[],
  ): Promise<Prepared>;
}

export interface Prepared {
  /** Goes on training for `steps` steps with a loss read every `readEvery` steps and after the last; the GPU is idle before and after. */
  train(steps: number, readEvery: number): Promise<Turn>;
  dispose(): Promise<void>;
}

export interface Turn {
  millisecondsPerStep: number;
  /** Losses that were read; `step` counts from 0 since the preparation. */
  losses: { step: number; loss: number }[];
}

/** Why a contender does not run here, in its own words. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

/** A trainer that is driven step by step. */
interface Stepper {
  /** Trains on batch `step % batches`; waits for the GPU only where the loss is to be read, which it then gives (in nats per token). */
  step(step: number, readLoss: boolean): Promise<number | null>;
  /** Waits until the last update is done. */
  finish(): Promise<void>;
  dispose(): Promise<void>;
}

/** The loop that a library's users write. */
export function inSteps(stepper: Stepper): Prepared {
  let next = 0;
  return {
    async train(steps, readEvery) {
      const losses: Turn['losses'] = [];
      const started = performance.now();
      for (let done = 1; done <= steps; done++) {
        const step = next++;
        const loss = await stepper.step(step, done % readEvery === 0 || done === steps);
        if (loss !== null) losses.push({ step, loss });
      }
      await stepper.finish();
      return { millisecondsPerStep: (performance.now() - started) / steps, losses };
    },
    dispose: () => stepper.dispose(),
  };
}
