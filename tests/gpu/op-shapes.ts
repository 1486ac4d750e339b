/** Random odd shapes, inputs and comparisons for the tests of single ops. */
import { expect } from 'vitest';
import type { Value } from '../../src/gpu/tape.ts';
import { gradientMagnification } from '../../src/model/half-precision.ts';
import type { RandomStream } from '../../src/model/random.ts';
import type { Architecture } from '../../src/model/recipe.ts';
import { toFloat16 } from '../../src/reference/float16.ts';
import { relativeError, type BenchShape, type OpBench } from './op-bench.ts';

export const SEED = Number(import.meta.env['VITE_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
export const TOLERANCE = 1e-5;

export const PLAIN: Architecture = {
  norm: 'layernorm',
  activation: 'gelu',
  position: 'learned',
  qkNorm: false,
  tied: false,
  precision: 'float32',
};

export function anyShape(
  random: RandomStream,
  tensors: (shape: BenchShape) => Record<string, number> = () => ({}),
): BenchShape {
  const headSize = 1 + random.below(12);
  const heads = 1 + random.below(4);
  const shape: BenchShape = {
    width: headSize * heads,
    hidden: 4 * headSize * heads,
    architecture: PLAIN,
    headSize,
    heads,
    layers: 1,
    context: 1 + random.below(40),
    vocabulary: 2 + random.below(70),
    batch: 1 + random.below(9),
    runs: 1 + random.below(3),
    fill: random.below(2) * 3_000_000,
    tensors: {},
  };
  return { ...shape, tensors: { filler: 7, ...tensors(shape) } };
}

/** Entries of a weight: of fewer, all gradients may by chance be near zero, and none is then large enough to measure errors by. */
const FEWEST_ENTRIES = 8;

/** A shape with weights of `width` x `fanOut`, whose operands are rounded or not. */
export function anyWeights(
  random: RandomStream,
  names: string[],
  mostOut: number,
): { shape: BenchShape; fanOut: number } {
  const fanOut = 1 + random.below(mostOut);
  const tensors = ({ width }: BenchShape) => Object.fromEntries(names.map((name) => [name, width * fanOut]));
  const shape = anyShape(random, tensors);
  if (shape.width * fanOut < FEWEST_ENTRIES) return anyWeights(random, names, mostOut);
  return { shape: { ...shape, architecture: { ...PLAIN, precision: anyPrecision(random) } }, fanOut };
}

export const anyPrecision = (random: RandomStream) => (['float32', 'float16'] as const)[random.below(2)];

/** Inputs and weights, and gradients, as a product takes them. */
export const operand = ({ architecture }: BenchShape, values: Float64Array): Float64Array =>
  architecture.precision === 'float16' ? toFloat16(values) : values;
export const upstreamOperand = ({ architecture, batch, context }: BenchShape, values: Float64Array): Float64Array =>
  architecture.precision === 'float16' ? toFloat16(values, gradientMagnification(batch * context)) : values;

export const words = ({ width, heads, context, vocabulary, batch, runs, fill, architecture }: BenchShape) =>
  `${architecture.precision}, width ${width}, ${heads} heads, context ${context}, vocabulary ${vocabulary}, batch ${batch}, ${runs} runs, fill ${fill}`;

/** The expected value of a run, from its float64 inputs, against what the kernels left. */
export function compare(
  bench: OpBench,
  actual: Float32Array,
  run: number,
  expected: ArrayLike<number>,
  what: string,
): void {
  expect(relativeError(bench.ofRun(actual, run), expected), `${what} of run ${run}`).toBeLessThan(TOLERANCE);
}

/** A value with random numbers, and a gradient of its own when asked for. */
export function input(bench: OpBench, label: string, perRun: number): Value {
  const slot = bench.context.tape.slot(label, perRun);
  bench.normal(slot);
  return { slot, gradient: null };
}

export function upstream(bench: OpBench, value: Value, perRun: number): Float32Array {
  value.gradient = bench.context.tape.slot('upstream', perRun);
  return bench.normal(value.gradient);
}
