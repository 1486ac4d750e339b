/** A step of any optimizer: each tensor moves in the direction that its update rule gives, with the multipliers of the table. */
import type { TensorRule } from '../model/parametrization.ts';
import type { Optimizer } from '../model/recipe.ts';
import { adamwDirection } from './adamw.ts';
import { lionDirection } from './lion.ts';
import { muonDirection } from './muon.ts';
import type { Parameters } from './pass.ts';
import { sgdDirection } from './sgd.ts';

/** What an optimizer remembers of past gradients, one tensor per parameter. */
export interface Moments {
  /** Running average or sum of gradients: AdamW's and Lion's m, SGD's velocity, Muon's buffer. */
  first: Parameters;
  /** AdamW's running average of squares, of the tensors that it updates. */
  second: Parameters;
}

export function zeroMoments(tensors: readonly TensorRule[]): Moments {
  const zeros = (rules: readonly TensorRule[]) =>
    new Map(rules.map(({ name, size }) => [name, new Float64Array(size)]));
  return { first: zeros(tensors), second: zeros(tensors.filter(({ update }) => update === 'adamw')) };
}

/** What differs from one update to the next. */
export interface UpdateSettings {
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
  for (const rule of tensors) {
    const p = parameters.get(rule.name)!;
    const gradient = gradients.get(rule.name)!.map((g) => gradientScale * g);
    const direction = directionOf(rule, gradient, moments, optimizer, step);
    const rate = learningRate * rule.learningRateMultiplier;
    const decay = optimizer.weightDecay * rule.weightDecayMultiplier;
    for (let i = 0; i < p.length; i++) p[i] -= rate * (direction[i] + decay * p[i]);
  }
}

function directionOf(
  { name, shape, update, epsilonMultiplier }: TensorRule,
  gradient: Float64Array,
  moments: Moments,
  optimizer: Optimizer,
  step: number,
): Float64Array {
  const first = moments.first.get(name)!;
  if (optimizer.kind === 'sgd') return sgdDirection(gradient, first, optimizer.momentum);
  if (optimizer.kind === 'lion') return lionDirection(gradient, first, optimizer);
  if (optimizer.kind === 'muon' && update === 'muon') return muonDirection(gradient, first, optimizer.momentum, shape);
  const { beta1, beta2 } = optimizer;
  const epsilon = optimizer.epsilon * epsilonMultiplier;
  return adamwDirection(gradient, first, moments.second.get(name)!, { beta1, beta2, epsilon, step });
}
