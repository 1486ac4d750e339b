/** Of a stream what its runs read: one that is sent to a core is copied for it, one that is written to a device takes its memory, and neither need take a whole text along. */
import type { TokenStream } from '../model/training.ts';
import type { TrainingTokens } from './token-plan.ts';

/** The same windows of `context` + 1 tokens from the same numbers of starts, and no token beside them. */
export function neededWindows(stream: TokenStream, context: number): TokenStream {
  const evaluation = cut(stream.evaluation, stream.evaluationStarts, context + 1);
  return {
    ...neededTraining(stream, context),
    ...{ evaluation: evaluation.tokens, evaluationStarts: evaluation.starts },
  };
}

export function neededTraining({ train, trainStarts }: TrainingTokens, context: number): TrainingTokens {
  const { tokens, starts } = cut(train, trainStarts, context + 1);
  return { train: tokens, trainStarts: starts };
}

/** Windows of `length` tokens, all of which lie in `tokens`; what several of them share is taken once. */
function cut(tokens: Uint32Array, starts: Uint32Array, length: number): { tokens: Uint32Array; starts: Uint32Array } {
  const order = Uint32Array.from(starts.keys()).sort((one, other) => starts[one] - starts[other]);
  const taken = new Uint32Array(Math.min(tokens.length, starts.length * length));
  const moved = new Uint32Array(starts.length);
  let [size, end] = [0, 0];
  for (const window of order) {
    const from = Math.max(starts[window], end);
    end = starts[window] + length;
    taken.set(tokens.subarray(from, end), size);
    size += end - from;
    moved[window] = size - length;
  }
  return { tokens: taken.slice(0, size), starts: moved };
}
