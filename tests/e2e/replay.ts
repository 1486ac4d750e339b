/**
 * Replays a dumped run from its files and manifest alone, as someone would in another framework: only the model's forward
 * and backward pass is shared with the engine, the optimizer is written again from its published formula.
 */
import type { Tensor } from '../../src/model/safetensors.ts';
import { lossAndGradients } from '../../src/reference/model.ts';
import type { DumpManifest } from '../../src/experiment/dump.ts';

type DumpedRun = DumpManifest['runs'][number];

/** Losses of all steps, and the parameters after the last one. */
export function replay(run: DumpedRun, initial: Map<string, Tensor>, tokens: Tensor) {
  const parameters = new Map([...initial].map(([name, { data }]) => [name, Float64Array.from(data)]));
  const moments = new Map(
    run.tensors.map(({ name }) => {
      const { length } = parameters.get(name)!;
      return [name, { first: new Float64Array(length), second: new Float64Array(length) }];
    }),
  );
  const perStep = run.batch * (run.context + 1);
  const shape = { ...run, architecture: run.options };
  const losses = run.learningRates.map((rate, step) => {
    const batch = Uint32Array.from(tokens.data.subarray(step * perStep, (step + 1) * perStep));
    const { loss, gradients } = lossAndGradients(shape, run.multipliers, parameters, batch, run.batch);
    update(run, step, rate, parameters, gradients, moments);
    return loss;
  });
  return { losses, parameters };
}

type Named = ReadonlyMap<string, Float64Array>;

/** AdamW (Loshchilov & Hutter 2019) with clipping by the global norm. */
function update(
  { optimizer, tensors }: DumpedRun,
  step: number,
  rate: number,
  parameters: Named,
  gradients: Named,
  moments: ReadonlyMap<string, { first: Float64Array; second: Float64Array }>,
): void {
  if (optimizer.kind !== 'adamw') throw new Error(`replaying ${optimizer.kind} is not written`);
  const { beta1, beta2, clip } = optimizer;
  let squares = 0;
  for (const values of gradients.values()) for (const g of values) squares += g * g;
  const scale = clip > 0 ? Math.min(1, clip / Math.sqrt(squares)) : 1;
  for (const { name, learningRateMultiplier, weightDecay, epsilon } of tensors) {
    const p = parameters.get(name)!;
    const gradient = gradients.get(name)!;
    const { first, second } = moments.get(name)!;
    for (let i = 0; i < p.length; i++) {
      const g = scale * gradient[i];
      first[i] = beta1 * first[i] + (1 - beta1) * g;
      second[i] = beta2 * second[i] + (1 - beta2) * g * g;
      const mean = first[i] / (1 - beta1 ** (step + 1));
      const size = Math.sqrt(second[i] / (1 - beta2 ** (step + 1)));
      p[i] -= rate * learningRateMultiplier * (mean / (size + epsilon!) + weightDecay * p[i]);
    }
  }
}
