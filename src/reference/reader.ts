/** What a trained model makes of tokens, in float64: the oracle of every answer, and the answer itself where there is no WebGPU. */
import type { ModelReader, TrainedModel } from '../model/training.ts';
import { EventLoopTurns } from '../model/event-loop.ts';
import { activationsOf, float64Parameters, tokenLosses } from './model.ts';

export function readerOf({ shape, table: { forward }, parameters }: TrainedModel): ModelReader {
  const values = float64Parameters(parameters);
  /** Of fewer tokens than a window has, which costs less: what comes behind them changes nothing. */
  const readingOf = (tokens: Uint32Array) => {
    const window = new Uint32Array(tokens.length + 1);
    window.set(tokens);
    return activationsOf({ ...shape, context: tokens.length }, forward, values, window, 1);
  };
  return {
    async losses(windows) {
      const { context } = shape;
      const count = windows.length / (context + 1);
      const losses = new Float32Array(count * context);
      const turns = new EventLoopTurns();
      for (let i = 0; i < count; i++) {
        await turns.giveWhenDue();
        const window = windows.subarray(i * (context + 1), (i + 1) * (context + 1));
        losses.set(tokenLosses(shape, forward, values, window, 1), i * context);
      }
      return losses;
    },
    logits: async (tokens) => Float32Array.from(readingOf(tokens).logits.subarray(-shape.vocabulary)),
    async attention(tokens, { layer, head }) {
      const { probabilities } = readingOf(tokens).layers[layer].attention.attended;
      const size = tokens.length ** 2;
      return Float32Array.from(probabilities.subarray(head * size, (head + 1) * size));
    },
    close: () => {},
  };
}
