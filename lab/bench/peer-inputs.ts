/** The benchmark's parameters and batches in the forms that libraries of arrays take. */
import { modelShape, tensorsOf } from '../../src/model/shape.ts';
import { gptRecipe, type GptSize } from './gpt.ts';

interface NamedTensor {
  name: string;
  shape: number[];
  values: Float32Array;
}

/**
 * The tensors with query, key and value of a layer side by side as `layers.N.attn.joint` [d, 3d]: the same numbers, one
 * product instead of three.
 */
export function withJointProjection(size: GptSize, parameters: ReadonlyMap<string, Float32Array>): NamedTensor[] {
  const specs = tensorsOf(modelShape(gptRecipe(size), size.width, size.vocabulary));
  return specs
    .filter(({ role }) => role !== 'key' && role !== 'value')
    .map(({ name, role, shape }) => {
      if (role !== 'query') return { name, shape, values: parameters.get(name)! };
      const layer = name.replace(/query$/, '');
      const parts = ['query', 'key', 'value'].map((part) => parameters.get(layer + part)!);
      return { name: `${layer}joint`, shape: [size.width, 3 * size.width], values: sideBySide(parts, size.width) };
    });
}

/** Matrices of as many rows and columns of `width` each, joined along their rows. */
function sideBySide(parts: Float32Array[], width: number): Float32Array {
  const joined = new Float32Array(parts.length * parts[0].length);
  parts.forEach((part, p) => {
    for (let row = 0; row < part.length / width; row++) {
      joined.set(part.subarray(row * width, (row + 1) * width), (row * parts.length + p) * width);
    }
  });
  return joined;
}

/** Every token but a sequence's last is read, every one but its first is to be predicted: each [batch · context]. */
export function inputsAndLabels(
  tokens: Int32Array,
  { batch, context }: Pick<GptSize, 'batch' | 'context'>,
): { inputs: Int32Array<ArrayBuffer>; labels: Int32Array<ArrayBuffer> } {
  const inputs = new Int32Array(batch * context);
  const labels = new Int32Array(batch * context);
  for (let s = 0; s < batch; s++) {
    const sequence = tokens.subarray(s * (context + 1), (s + 1) * (context + 1));
    inputs.set(sequence.subarray(0, context), s * context);
    labels.set(sequence.subarray(1), s * context);
  }
  return { inputs, labels };
}
