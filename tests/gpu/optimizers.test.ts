/** One update of every optimizer, from random moments and gradients, against the float64 reference. */
import { describe, expect, test } from 'vitest';
import { gatherGradients } from '../../src/gpu/ops/gather-gradients.ts';
import { rulesOf, settingsOf, update } from '../../src/gpu/ops/update.ts';
import { NEVER, RUN } from '../../src/gpu/ops/update-slots.ts';
import { layOut, tensorOfBlock } from '../../src/gpu/parameters.ts';
import { parametrize, type TensorRule } from '../../src/model/parametrization.ts';
import { randomStream } from '../../src/model/random.ts';
import { modelShape } from '../../src/model/shape.ts';
import { clipFactor, globalNorm } from '../../src/reference/gradient-clip.ts';
import { updateParameters } from '../../src/reference/optimizer.ts';
import { recipeOf } from './cohorts.ts';
import { OpBench, relativeError } from './op-bench.ts';
import { SEED } from './op-shapes.ts';
import { gpu } from './shared-device.ts';

const STEPS = 20;

describe(`optimizers (seed ${SEED})`, () => {
  const random = randomStream(SEED, 'optimizer shapes');
  // Heads that make matrices so large that several workgroups share one of Muon's stand beside small ones.
  const small = () => 1 + random.below(6);
  const cases = [
    ...(['adamw', 'sgd', 'lion', 'muon'] as const).map((kind) => ({ kind, headSize: small })),
    { kind: 'muon', headSize: () => 40 + random.below(24) } as const,
  ];
  for (const { kind, headSize: drawHeadSize } of cases) {
    for (const activation of ['gelu', 'swiglu'] as const) {
      const headSize = drawHeadSize();
      const heads = headSize < 40 ? 1 + random.below(5) : 2;
      const [width, layers, vocabulary] = [headSize * heads, 1 + random.below(2), 3 + random.below(20)];
      const step = random.below(STEPS);

      test(`${kind}, ${activation}: width ${width}, ${layers} layers, vocabulary ${vocabulary}, step ${step}`, async () => {
        const optimizer = { kind, learningRate: 0.1, weightDecay: 0.2, clip: 3 };
        const depth = { rule: 'depth-mup', baseLayers: 1 } as const;
        const recipe = recipeOf({
          headSize,
          baseWidth: headSize,
          layers,
          architecture: { activation },
          optimizer,
          depth,
        });
        const shape = modelShape(recipe, width, vocabulary);
        const table = parametrize(recipe, shape);
        const sizes = Object.fromEntries(table.tensors.map(({ name, size }) => [name, size]));
        const bench = new OpBench(gpu, { ...shape, batch: 1, runs: 2, tensors: sizes }, SEED);
        const { context } = bench;
        // As long as the bench's own, and in the order of the engine.
        context.layout = layOut(table.tensors);
        const clock = context.tape.shared('step', 1);
        const matrices = table.tensors.flatMap(matrixOf);
        const gathered = gatherGradients(context);
        bench.fill(gathered.table, context.splits.table());
        const { launches, slots } = update(context, gathered, clock, STEPS, kind, matrices);
        for (const launch of [gathered.launch, ...launches]) context.tape.add(launch);
        const gradients = bench.normal(context.gradients);
        zeroGaps(gradients, bench);
        // Second moments are averages of squares.
        const moments = slots.moments.map((slot, i) => bench.normal(slot).map((value) => (i ? value ** 2 : value)));
        slots.moments.forEach((slot, i) => bench.fill(slot, moments[i]));
        const run = { id: '', seed: 1, table, optimizer: recipe.optimizer, schedule: recipe.schedule };
        const twice = (words: Uint32Array) => Uint32Array.of(...words, ...words);
        bench.fill(slots.settings, twice(settingsOf(run, STEPS)));
        bench.fill(slots.rules, twice(rulesOf(run)));
        bench.fill(slots.tensorOfBlock, tensorOfBlock(context.layout) as Uint32Array<ArrayBuffer>);
        bench.fill(slots.runStates, twice(RUN.words({ step, divergedAt: NEVER })));
        for (const [slot, words] of slots.constants) bench.fill(slot, words());
        const before = bench.input(context.parameters).slice();
        const [first, second = null] = slots.moments;
        const got = await bench.run({ parameters: context.parameters, first, second: second ?? first });
        const squared = table.tensors.filter(({ update }) => second && update === 'adamw');
        const secondOf = (values: Float32Array, { name, size }: TensorRule, r: number) => {
          const from = (r * second!.entries) / 2 + context.layout.offsets.get(name)!;
          return Float64Array.from(values.subarray(from, from + size));
        };

        for (let r = 0; r < 2; r++) {
          const tensors = (values: Float32Array) =>
            new Map(table.tensors.map(({ name }) => [name, bench.tensor(values, name, r)]));
          const [p, g] = [tensors(before), tensors(gradients)];
          const firsts = tensors(moments[0]);
          const wanted = new Map(table.tensors.map(({ name }) => [name, [firsts.get(name)!]]));
          for (const rule of squared) wanted.get(rule.name)!.push(secondOf(moments[1], rule, r));
          const gradientScale = clipFactor(globalNorm(g), recipe.optimizer.clip);
          updateParameters(table.tensors, p, g, wanted, recipe.optimizer, {
            ...{ step, gradientScale, learningRate: 0.1 * factorAt(step) },
          });
          for (const { name } of table.tensors) {
            const start = bench.tensor(before, name, r);
            const moved = (values: Float64Array) => values.map((value, i) => value - start[i]);
            const error = relativeError(moved(bench.tensor(got.parameters, name, r)), moved(p.get(name)!));
            expect(error, `${name} of run ${r}`).toBeLessThan(kind === 'muon' ? 1e-3 : 1e-4);
            const memory = relativeError(bench.tensor(got.first, name, r), wanted.get(name)![0]);
            expect(memory, `moment of ${name}`).toBeLessThan(1e-5);
          }
          for (const rule of squared) {
            const memory = relativeError(secondOf(got.second, rule, r), wanted.get(rule.name)![1]);
            expect(memory, `second moment of ${rule.name}`).toBeLessThan(1e-5);
          }
        }
      });
    }
  }
});

/** wsd with its default decay of a fifth: constant, then linear to one notch above zero. */
const factorAt = (step: number) => Math.min(1, (STEPS - step) / Math.round(0.2 * STEPS));

const matrixOf = ({ name, shape, update }: TensorRule) =>
  update === 'muon' ? [{ name, rows: shape[0], columns: shape[1] }] : [];

/** Between tensors there is nothing, and so no gradient that would count for the norm. */
function zeroGaps(values: Float32Array, bench: OpBench): void {
  const { stride, offsets, sizes } = bench.context.layout;
  for (let run = 0; run < bench.shape.runs; run++) {
    const kept = new Uint8Array(stride);
    for (const [name, from] of offsets) kept.fill(1, from, from + sizes.get(name)!);
    for (let i = 0; i < stride; i++) if (!kept[i]) values[run * stride + i] = 0;
  }
}
