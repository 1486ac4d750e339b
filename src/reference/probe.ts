/** What a coordinate check measures: the mean |x| of every module's output over a batch. */
import { modulesOf } from '../model/modules.ts';
import type { ModelShape } from '../model/shape.ts';
import type { Activations } from './model.ts';

/** One number per module of `modulesOf(shape)`, in its order. */
export function meanActivations(shape: ModelShape, activations: Activations): number[] {
  const outputs = outputsOf(activations);
  return modulesOf(shape).map(({ name }) => meanMagnitude(outputs.get(name)!));
}

/** Outputs of all modules by name. */
function outputsOf({ embedding, layers, finalNorm, logits }: Activations): Map<string, Float64Array> {
  const outputs = new Map([['embedding', embedding]]);
  for (const [n, { attention, mlp }] of layers.entries()) {
    outputs.set(`layers.${n}.attn.query`, attention.query.product);
    outputs.set(`layers.${n}.attn.key`, attention.key.product);
    outputs.set(`layers.${n}.attn.value`, attention.value);
    outputs.set(`layers.${n}.attn`, attention.output);
    if (mlp.gate) outputs.set(`layers.${n}.mlp.gate`, mlp.gate);
    outputs.set(`layers.${n}.mlp.up`, mlp.up);
    outputs.set(`layers.${n}.mlp`, mlp.output);
  }
  return outputs.set('final.norm', finalNorm.y).set('logits', logits);
}

function meanMagnitude(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += Math.abs(value);
  return sum / values.length;
}
