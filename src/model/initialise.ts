/** Initial parameters: the same float32 numbers for every engine, decided by the table, the seed and the tensor's name. */
import type { ParametrizationTable, TensorRule } from './parametrization.ts';
import { randomStream } from './random.ts';

export function initialParameters(table: ParametrizationTable, seed: number): Map<string, Float32Array> {
  return new Map(table.tensors.map((tensor) => [tensor.name, initialTensor(tensor, seed)]));
}

function initialTensor(tensor: TensorRule, seed: number): Float32Array {
  const values = new Float32Array(tensor.size);
  if (tensor.init.kind === 'constant') return values.fill(tensor.init.value);
  const random = randomStream(seed, tensor.name);
  for (let i = 0; i < values.length; i++) values[i] = tensor.init.std * random.normal();
  return values;
}
