/** The modules whose activations a coordinate check measures, in the order of the forward pass. */
import type { TensorRole } from './recipe.ts';
import type { ModelShape } from './shape.ts';

interface ModelModule {
  /** e.g. `layers.0.attn`. */
  name: string;
  /** `part`: a product inside a module, measured so that a broken rule can be traced to its tensor. */
  level: 'module' | 'part';
  /** What the parameters that act last in it do: a growing output lays the blame on their rule. */
  role: TensorRole;
}

/**
 * embedding: x after both embeddings; attn and mlp: what the branch adds to the residual stream; final.norm; logits.
 * Parts: query, key and value before any QK-norm or rotation, gate and up before the activation.
 */
export function modulesOf({ layers, architecture }: Pick<ModelShape, 'layers' | 'architecture'>): ModelModule[] {
  const part = (name: string, role: TensorRole): ModelModule => ({ name, level: 'part', role });
  const whole = (name: string, role: TensorRole): ModelModule => ({ name, level: 'module', role });
  const layer = (n: number): ModelModule[] => [
    part(`layers.${n}.attn.query`, 'query'),
    part(`layers.${n}.attn.key`, 'key'),
    part(`layers.${n}.attn.value`, 'value'),
    whole(`layers.${n}.attn`, 'attentionOut'),
    ...(architecture.activation === 'swiglu' ? [part(`layers.${n}.mlp.gate`, 'gate')] : []),
    part(`layers.${n}.mlp.up`, 'up'),
    whole(`layers.${n}.mlp`, 'down'),
  ];
  return [
    whole('embedding', 'embedding'),
    ...Array.from({ length: layers }, (_, n) => layer(n)).flat(),
    whole('final.norm', 'norm'),
    whole('logits', architecture.tied ? 'embedding' : 'unembedding'),
  ];
}
