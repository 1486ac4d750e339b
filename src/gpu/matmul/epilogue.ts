/** How the kernels of matrix products end: their text, and what they bind. */
import activationSource from '../kernels/epilogue-activation.wgsl?raw';
import gradientSource from '../kernels/epilogue-activation-gradient.wgsl?raw';
import sumSource from '../kernels/epilogue-sum.wgsl?raw';
import geluSource from '../kernels/gelu.wgsl?raw';
import reluSquaredSource from '../kernels/relu-squared.wgsl?raw';
import { MULTIPLIERS } from '../ops/context.ts';
import type { Activation, Binding, Slot } from '../tape.ts';
import type { Ending, Product } from './shape.ts';

/** Which of the multipliers scales a product; `none` for an unscaled one. */
export const MULTIPLIER = {
  branch: MULTIPLIERS.indexOf('branch'),
  unembedding: MULTIPLIERS.indexOf('unembedding'),
  none: MULTIPLIERS.size,
};

const ACTIVATIONS: Record<Activation, string> = { gelu: geluSource, relu2: reluSquaredSource };
const MODES = { assign: 0, add: 1, addend: 2, activation: 0, 'activation gradient': 0 };

interface Epilogue {
  /** Added to a kernel's label. */
  label: string;
  source: string;
  mode: number;
  addendScale: number;
  /** Bound at 4, in front of C. */
  binding: Slot | Binding;
}

export function epilogueOf({ ending = { kind: 'assign' }, multipliers }: Product): Epilogue {
  const common = { label: labelOf(ending), source: sourceOf(ending), mode: MODES[ending.kind], addendScale: 1 };
  switch (ending.kind) {
    case 'addend':
      return { ...common, addendScale: ending.scale ?? 1, binding: ending.addend };
    case 'activation':
      return { ...common, binding: ending.activated };
    case 'activation gradient':
      return { ...common, binding: ending.x };
    default:
      // Bound and not read.
      return { ...common, binding: multipliers };
  }
}

function labelOf(ending: Ending): string {
  if (ending.kind === 'activation') return `, ${ending.activation}`;
  if (ending.kind === 'activation gradient') return `, ${ending.activation} gradient`;
  return '';
}

function sourceOf(ending: Ending): string {
  if (ending.kind === 'activation') return ACTIVATIONS[ending.activation] + activationSource;
  if (ending.kind === 'activation gradient') return ACTIVATIONS[ending.activation] + gradientSource;
  return sumSource;
}
