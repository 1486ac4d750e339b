/** A step of any optimizer: each tensor moves in the direction that its update rule gives, with the multipliers of the table. */
import { OPTIMIZERS } from '../model/optimizers.ts';
import type { TensorRule, Update } from '../model/parametrization.ts';
import type { Optimizer } from '../model/recipe.ts';
import { adamwDirection } from './adamw.ts';
import { lionDirection } from './lion.ts';
import { muonDirection } from './muon.ts';
import type { Parameters } from './pass.ts';
import { sgdDirection } from './sgd.ts';

/** What an optimizer remembers of past gradients, for each tensor as many as its update keeps. */
export type Moments = Map<string, Float64Array[]>;

export const zeroMoments = (tensors: readonly TensorRule[]): Moments =>
  new Map(
    tensors.map(({ name, size, update }) => [name, OPTIMIZERS[update].moments.map(() => new Float64Array(size))]),
  );

/** All that a direction may ask for; numbers that an optimizer lacks are 0. */
interface DirectionSettings {
  /** [fan-in, fan-out] of a matrix. */
  shape: readonly number[];
  /** Updates made so far, 0 at the first. */
  step: number;
  beta1: number;
  beta2: number;
  momentum: number;
  /** ε · epsMult */
  epsilon: number;
}

/** What an update subtracts before rate and decay; the moments are updated in place. */
type Direction = (gradient: Float64Array, moments: Float64Array[], settings: DirectionSettings) => Float64Array;

const DIRECTIONS: Record<Update, Direction> = {
  adamw: adamwDirection,
  sgd: sgdDirection,
  lion: lionDirection,
  muon: muonDirection,
};

/** What differs from one update to the next. */
interface UpdateSettings {
  /** Updates made so far, 0 at the first. */
  step: number;
  /** η at this step, schedule included. */
  learningRate: number;
  /** The clip factor. */
  gradientScale: number;
}

/** Updates parameters and moments in place: p −= η · lrMult · ( direction + λ · wdMult · p ). */
export function updateParameters(
  tensors: readonly TensorRule[],
  parameters: Parameters,
  gradients: Parameters,
  moments: Moments,
  optimizer: Optimizer,
  { step, learningRate, gradientScale }: UpdateSettings,
): void {
  const numbers = { beta1: 0, beta2: 0, momentum: 0, epsilon: 0, ...optimizer };
  for (const rule of tensors) {
    const { name, shape, update } = rule;
    const p = parameters.get(name)!;
    const gradient = gradients.get(name)!.map((g) => gradientScale * g);
    const epsilon = numbers.epsilon * rule.epsilonMultiplier;
    const direction = DIRECTIONS[update](gradient, moments.get(name)!, { ...numbers, epsilon, shape, step });
    const rate = learningRate * rule.learningRateMultiplier;
    const decay = optimizer.weightDecay * rule.weightDecayMultiplier;
    for (let i = 0; i < p.length; i++) p[i] -= rate * (direction[i] + decay * p[i]);
  }
}
