/** How large a run may be when it trains on the CPU: its time and its memory, told before anything is allocated. */
import { ROLES } from '../model/exponents.ts';
import { memoryBound } from '../model/memory.ts';
import { momentsOf, OPTIMIZERS } from '../model/optimizers.ts';
import { InputError } from '../model/parse.ts';
import { countParameters, hiddenSize, tensorsOf, trainingFlops, type ModelShape } from '../model/shape.ts';
import type { Cohort, CohortRun } from '../model/training.ts';
import { orthogonalisationFlops } from './orthogonalise.ts';

/** Operations of one run: about a quarter of an hour at the 0.7 to 1.5 GFLOP/s that one core was measured to do. */
const MOST_OPERATIONS = 1e12;
/** Bytes of a number. */
const NUMBER = 8;
const TOKENS_IN_A_NUMBER = NUMBER / Uint32Array.BYTES_PER_ELEMENT;
/** Bytes held at once on a machine of which no more is known. */
const MOST_MEMORY = 2 ** 30;

/** What of a cohort decides whether it may train. */
interface Sizes extends Pick<Cohort, 'shape' | 'batch' | 'steps'> {
  runs: readonly Pick<CohortRun, 'optimizer'>[];
}

/** @throws InputError naming what is too large and what would fit. */
export function assertFitsCpu({ shape, batch, steps, runs }: Sizes): void {
  const orthogonalises = runs.some(({ optimizer }) => OPTIMIZERS[optimizer.kind].size === 'spectral');
  const operations = (width: number) => {
    const at = { ...shape, width, hidden: hiddenSize(width, shape.architecture.activation) };
    const model = trainingFlops(at, batch * shape.context * steps);
    return model + (orthogonalises ? steps * orthogonalisationsFlops(at) : 0);
  };
  if (operations(shape.width) > MOST_OPERATIONS) {
    const width = largest(
      shape.width / shape.headSize,
      (heads) => operations(heads * shape.headSize) <= MOST_OPERATIONS,
    );
    const fitting = Math.floor((steps * MOST_OPERATIONS) / operations(shape.width));
    const advice = [
      width > 0 && `a width of up to ${width * shape.headSize}`,
      fitting > 0 && `${fitting} steps instead of ${steps}`,
    ].filter(Boolean);
    throw new InputError(
      'width',
      `width ${shape.width} is too much for training on the CPU: a run needs about ${rounded(operations(shape.width))} operations and ${rounded(MOST_OPERATIONS)} are allowed; ${advice.join(' or ') || 'a smaller batch or context'} would fit.`,
    );
  }
  const held = (at: number) => numbersHeld({ shape, batch: at, runs });
  const most = mostNumbers();
  if (held(batch) > most) {
    const fitting = largest(batch, (fewer) => held(fewer) <= most);
    const advice = fitting > 0 ? `a batch of ${fitting} instead of ${batch}` : 'a smaller context or vocabulary';
    throw new InputError(
      'batch',
      `batch ${batch} is too much for training on the CPU: width ${shape.width} then needs ${gibibytes(held(batch))} GiB of memory and ${gibibytes(most)} GiB are allowed; ${advice} would fit.`,
    );
  }
}

/** Held at once, by one run or by several that train side by side. */
export const mostNumbers = (): number => memoryBound(MOST_MEMORY) / NUMBER;

/** Of one step of an update that orthogonalises every hidden matrix. */
function orthogonalisationsFlops(shape: ModelShape): number {
  const hidden = tensorsOf(shape).filter(({ role }) => ROLES[role].part === 'hidden');
  return hidden.reduce((sum, { shape: [rows, columns] }) => sum + orthogonalisationFlops(rows, columns), 0);
}

/** Of the run that holds most: parameters, gradients and moments, and what a forward pass leaves for the backward pass. */
export function numbersHeld({ shape, batch, runs }: Omit<Sizes, 'steps'>): number {
  const moments = Math.max(...runs.map(({ optimizer: { kind } }) => momentsOf(kind).length));
  const { width, layers, heads, hidden, context, vocabulary } = shape;
  const { activation, position, qkNorm } = shape.architecture;
  const rows = batch * context;
  // Two norms of two tensors, q, k, v, the mix, both branches and both residual sums; each option keeps what it makes.
  const widths = 12 + (qkNorm ? 4 : 0) + (position === 'rope' ? 2 : 0);
  // Before and after the activation, and the gate.
  const hiddens = activation === 'swiglu' ? 3 : 2;
  const perLayer = widths * width + hiddens * hidden + heads * context;
  return (2 + moments) * countParameters(shape).total + rows * (layers * perLayer + 2 * vocabulary);
}

/** Of a stream what is copied for a run: the held-out windows, and the segment that it trains on beside the one that comes. */
export const numbersSent = ({ shape, batch, stream }: Pick<Cohort, 'shape' | 'batch' | 'stream'>): number =>
  (stream.evaluation.length + 2 * stream.segmentSteps * batch * (shape.context + 1)) / TOKENS_IN_A_NUMBER;

/** The largest whole number from 1 to `most` that passes; 0 when none does. Passing numbers lie below failing ones. */
function largest(most: number, passes: (n: number) => boolean): number {
  let [low, high] = [0, most];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (passes(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

const rounded = (value: number) => Number(value.toPrecision(2)).toExponential();
const gibibytes = (numbers: number) => ((numbers * NUMBER) / 2 ** 30).toFixed(1);
