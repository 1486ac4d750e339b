/** Every op, forward and backward, against the float64 reference at random shapes that are no multiple of any tile. */
import { describe, expect, test } from 'vitest';
import { attention } from '../../src/gpu/ops/attention.ts';
import { crossEntropy } from '../../src/gpu/ops/cross-entropy.ts';
import { embedding } from '../../src/gpu/ops/embedding.ts';
import { linear, linears } from '../../src/gpu/ops/linear.ts';
import { MULTIPLIER } from '../../src/gpu/matmul/epilogue.ts';
import { norm } from '../../src/gpu/ops/norm.ts';
import { randomStream } from '../../src/model/random.ts';
import { attentionBackward, attentionForward } from '../../src/reference/attention.ts';
import { crossEntropyBackward, crossEntropyForward } from '../../src/reference/cross-entropy.ts';
import { embeddingBackward, embeddingForward } from '../../src/reference/embedding.ts';
import { geluBackward, geluForward } from '../../src/reference/gelu.ts';
import { linearBackward, linearForward } from '../../src/reference/linear.ts';
import { layerNormBackward, layerNormForward } from '../../src/reference/norm.ts';
import { squaredReluBackward, squaredReluForward } from '../../src/reference/squared-relu.ts';
import { OpBench, relativeError, type BenchShape } from './op-bench.ts';
import {
  anyShape,
  anyWeights,
  compare,
  input,
  operand,
  PLAIN,
  SEED,
  TOLERANCE,
  upstream,
  upstreamOperand,
  words,
} from './op-shapes.ts';
import { gpu } from './shared-device.ts';

const random = randomStream(SEED, 'op shapes');

const ACTIVATIONS = {
  gelu: { forward: geluForward, backward: geluBackward },
  relu2: { forward: squaredReluForward, backward: squaredReluBackward },
};

describe(`ops (seed ${SEED})`, () => {
  for (let round = 0; round < 4; round++) {
    const seed = SEED + round;

    for (const kind of ['plain', 'branch'] as const) {
      const { shape, fanOut } = anyWeights(random, ['weight'], 60);
      test(`linear, ${kind}: fan-out ${fanOut}, ${words(shape)}`, async () => {
        const bench = new OpBench(gpu, shape, seed);
        const { context } = bench;
        const sizes = { rows: context.rows, fanIn: shape.width, fanOut };
        const x = input(bench, 'x', context.rows * shape.width);
        const addend = input(bench, 'addend', context.rows * fanOut);
        const isBranch = kind === 'branch';
        const multiplier = isBranch ? MULTIPLIER.branch : MULTIPLIER.none;
        const y = linear(context, x, 'weight', { ...sizes, multiplier, ...(isBranch ? { addend } : {}) });
        const dy = upstream(bench, y, context.rows * fanOut);
        context.tape.onBackward(() => undefined);
        // The input's gradient: written once, or (branch) added to what is there.
        x.gradient = context.tape.slot('dx', context.rows * shape.width);
        const before = isBranch ? bench.normal(x.gradient) : null;
        if (isBranch) context.tape.contributes(x.gradient);
        const got = await bench.run({ y: y.slot, dx: x.gradient, gradients: context.gradients });
        for (let r = 0; r < shape.runs; r++) {
          const scale = isBranch ? bench.input(context.multipliers)[4 * r + 2] : 1;
          const xr = operand(shape, bench.ofRun(bench.input(x.slot), r));
          const wr = operand(shape, bench.tensor(bench.input(context.parameters), 'weight', r));
          const product = linearForward(xr, wr, sizes, scale);
          const addendOf = bench.ofRun(bench.input(addend.slot), r);
          compare(bench, got.y, r, isBranch ? product.map((v, i) => v + addendOf[i]) : product, 'y');
          const { dx, dw } = linearBackward(xr, wr, upstreamOperand(shape, bench.ofRun(dy, r)), sizes, scale);
          const beforeOf = before && bench.ofRun(before, r);
          compare(bench, got.dx, r, beforeOf ? dx.map((v, i) => v + beforeOf[i]) : dx, 'dx');
          expect(relativeError(bench.tensor(got.gradients, 'weight', r), dw), 'dw').toBeLessThan(TOLERANCE);
        }
      });
    }

    const normShape = anyShape(random, ({ width }) => ({ gain: width }));
    test(`norm: ${words(normShape)}`, async () => {
      const bench = new OpBench(
        gpu,
        { ...normShape, width: normShape.width + 1, tensors: { filler: 7, gain: normShape.width + 1 } },
        seed,
      );
      const { context } = bench;
      const { width, runs } = bench.shape;
      const x = input(bench, 'x', context.rows * width);
      x.gradient = context.tape.slot('dx', context.rows * width);
      const before = bench.normal(x.gradient);
      const y = norm(context, x, 'gain');
      const dy = upstream(bench, y, context.rows * width);
      context.tape.contributes(x.gradient);
      const got = await bench.run({ y: y.slot, dx: x.gradient, gradients: context.gradients });
      for (let r = 0; r < runs; r++) {
        const gain = bench.tensor(bench.input(context.parameters), 'gain', r);
        const normed = layerNormForward(bench.ofRun(bench.input(x.slot), r), gain, context.rows);
        compare(bench, got.y, r, normed.y, 'y');
        const { dx, dGain } = layerNormBackward(bench.ofRun(dy, r), gain, normed);
        const beforeOf = bench.ofRun(before, r);
        // Two features differ by so little at times that 1/std reaches 300. The rounding of their mean is then as much larger beside
        // their difference, and is multiplied by 1/std once more.
        const tolerance = TOLERANCE * Math.max(1, ...normed.inverseStd.map((s) => (s / 10) ** 2));
        expect(
          relativeError(
            bench.ofRun(got.dx, r),
            dx.map((v, i) => v + beforeOf[i]),
          ),
          'dx',
        ).toBeLessThan(tolerance);
        expect(relativeError(bench.tensor(got.gradients, 'gain', r), dGain), 'dGain').toBeLessThan(tolerance);
      }
    });

    for (const kind of ['gelu', 'relu2'] as const) {
      // What lies between is not known to the bit, so neither is what it is rounded to.
      const { shape: drawn, fanOut: hidden } = anyWeights(random, ['up', 'down'], 40);
      const shape = { ...drawn, architecture: PLAIN };
      test(`${kind} between two weights, hidden size ${hidden}: ${words(shape)}`, async () => {
        const bench = new OpBench(gpu, shape, seed);
        const { context } = bench;
        const { width, runs } = shape;
        const x = input(bench, 'x', context.rows * width);
        // Far out, where a careless tanh overflows.
        bench.input(x.slot).set([60, -60].slice(0, context.rows * width));
        const y = linear(context, x, 'up', { fanIn: width, fanOut: hidden, activation: kind });
        const z = linear(context, y, 'down', { fanIn: hidden, fanOut: width });
        const dz = upstream(bench, z, context.rows * width);
        x.gradient = context.tape.slot('dx', context.rows * width);
        const got = await bench.run({ y: y.slot, z: z.slot, dx: x.gradient, gradients: context.gradients });
        const f = ACTIVATIONS[kind];
        const [toHidden, toWidth] = [
          { rows: context.rows, fanIn: width, fanOut: hidden },
          { rows: context.rows, fanIn: hidden, fanOut: width },
        ];
        for (let r = 0; r < runs; r++) {
          const xr = bench.ofRun(bench.input(x.slot), r);
          const [up, down] = ['up', 'down'].map((name) => bench.tensor(bench.input(context.parameters), name, r));
          const before = linearForward(xr, up, toHidden, 1);
          const active = f.forward(before);
          compare(bench, got.y, r, active, 'y');
          compare(bench, got.z, r, linearForward(active, down, toWidth, 1), 'z');
          const later = linearBackward(active, down, bench.ofRun(dz, r), toWidth, 1);
          const earlier = linearBackward(xr, up, f.backward(before, later.dx), toHidden, 1);
          compare(bench, got.dx, r, earlier.dx, 'dx');
          expect(relativeError(bench.tensor(got.gradients, 'down', r), later.dw), 'down').toBeLessThan(TOLERANCE);
          expect(relativeError(bench.tensor(got.gradients, 'up', r), earlier.dw), 'up').toBeLessThan(TOLERANCE);
        }
      });
    }

    const names = ['one', 'two', 'three'];
    const { shape: partsShape, fanOut: partsOut } = anyWeights(random, names, 30);
    test(`three weights in one launch, fan-out ${partsOut}: ${words(partsShape)}`, async () => {
      const bench = new OpBench(gpu, partsShape, seed);
      const { context } = bench;
      const sizes = { rows: context.rows, fanIn: partsShape.width, fanOut: partsOut };
      const x = input(bench, 'x', context.rows * partsShape.width);
      const outputs = linears(context, x, names, sizes);
      const upstreams = outputs.map((value) => bench.normal(context.tape.gradientOf(value, '', 0)));
      x.gradient = context.tape.slot('dx', context.rows * partsShape.width);
      const [one, two, three] = outputs.map(({ slot }) => slot);
      const got = await bench.run({ one, two, three, dx: x.gradient, gradients: context.gradients });
      for (let r = 0; r < partsShape.runs; r++) {
        const xr = operand(partsShape, bench.ofRun(bench.input(x.slot), r));
        const dx = new Float64Array(xr.length);
        names.forEach((name, i) => {
          const w = operand(partsShape, bench.tensor(bench.input(context.parameters), name, r));
          compare(bench, [got.one, got.two, got.three][i], r, linearForward(xr, w, sizes, 1), name);
          const wanted = linearBackward(xr, w, upstreamOperand(partsShape, bench.ofRun(upstreams[i], r)), sizes, 1);
          expect(relativeError(bench.tensor(got.gradients, name, r), wanted.dw), `d${name}`).toBeLessThan(TOLERANCE);
          wanted.dx.forEach((value, at) => (dx[at] += value));
        });
        compare(bench, got.dx, r, dx, 'dx');
      }
    });

    const attentionShape = anyShape(random);
    test(`attention: ${words(attentionShape)}`, () => compareAttention(attentionShape, seed));

    const lossShape = anyShape(random);
    test(`cross-entropy: ${words(lossShape)}`, async () => {
      const bench = new OpBench(gpu, lossShape, seed);
      const { context } = bench;
      const { vocabulary, runs } = lossShape;
      const logits = input(bench, 'logits', context.rows * vocabulary);
      const labels = context.tape.shared('labels', context.rows);
      const labelled = bench.whole(labels, vocabulary);
      const losses = crossEntropy(context, logits, labels);
      const got = await bench.run({ losses, dLogits: logits.gradient! });
      for (let r = 0; r < runs; r++) {
        const of = bench.ofRun(bench.input(logits.slot), r);
        compare(bench, got.losses, r, crossEntropyForward(of, labelled, vocabulary), 'losses');
        compare(bench, got.dLogits, r, crossEntropyBackward(of, labelled, vocabulary), 'dLogits');
      }
    });

    const embeddingShape = anyShape(random, ({ width, vocabulary, context }) => ({
      'embed.token': vocabulary * width,
      'embed.position': context * width,
    }));
    test(`embedding: ${words(embeddingShape)}`, async () => {
      const bench = new OpBench(gpu, embeddingShape, seed);
      const { context } = bench;
      const { width, vocabulary, runs, batch } = embeddingShape;
      const tokens = context.tape.shared('tokens', context.rows);
      const drawn = bench.whole(tokens, vocabulary);
      const x = embedding(context, tokens);
      const dx = bench.normal(x.gradient!);
      const got = await bench.run({ x: x.slot, gradients: context.gradients });
      const sizes = { batch, context: embeddingShape.context, width };
      for (let r = 0; r < runs; r++) {
        const parameters = bench.input(context.parameters);
        const [token, position] = ['embed.token', 'embed.position'].map((name) => bench.tensor(parameters, name, r));
        const alpha = bench.input(context.multipliers)[4 * r];
        compare(bench, got.x, r, embeddingForward(drawn, token, position, sizes, alpha), 'x');
        const expected = embeddingBackward(drawn, bench.ofRun(dx, r), vocabulary, sizes, alpha);
        expect(relativeError(bench.tensor(got.gradients, 'embed.token', r), expected.dToken)).toBeLessThan(TOLERANCE);
        expect(relativeError(bench.tensor(got.gradients, 'embed.position', r), expected.dPosition)).toBeLessThan(
          TOLERANCE,
        );
      }
    });
  }
});

describe(`attention (seed ${SEED})`, () => {
  // Quads of threads load together where context and head size divide by four (and the adapter is a CPU).
  const cases = [
    ...[3, 8, 16].flatMap((headSize) => [127, 128].map((context) => ({ headSize, context, heads: 2, runs: 2 }))),
    ...[3, 4].map((headSize) => ({ headSize, context: 1024, heads: 1, runs: 1 })),
  ];
  for (const { headSize, context, heads, runs } of cases) {
    const sizes = { headSize, context, heads, runs, width: headSize * heads, batch: 1 };
    const shape = { ...anyShape(random), ...sizes };
    // By one thread a query and by teams.
    for (const software of [true, false]) {
      test(`over ${context} positions, head size ${headSize} (software: ${software})`, () =>
        compareAttention(shape, SEED, software));
    }
  }
});

/** Attention forward and backward, run by run. */
async function compareAttention(shape: BenchShape, seed: number, software?: boolean): Promise<void> {
  const bench = new OpBench(gpu, shape, seed, software);
  const { context } = bench;
  const perRun = context.rows * shape.width;
  const [q, k, v] = ['q', 'k', 'v'].map((label) => input(bench, label, perRun));
  const output = attention(context, q, k, v);
  const dOutput = upstream(bench, output, perRun);
  const [dq, dk, dv] = ['dq', 'dk', 'dv'].map((label) => context.tape.slot(label, perRun));
  // Borrowed in the order query, key, value.
  for (const slot of [dv, dk, dq].reverse()) context.tape.giveBack(slot);
  const got = await bench.run({ output: output.slot, dq, dk, dv });
  for (let r = 0; r < shape.runs; r++) {
    const scale = bench.input(context.multipliers)[4 * r + 1];
    const [qr, kr, vr] = [q, k, v].map((value) => bench.ofRun(bench.input(value.slot), r));
    const attended = attentionForward(qr, kr, vr, shape, scale);
    compare(bench, got.output, r, attended.output, 'output');
    const expected = attentionBackward(qr, kr, vr, attended, bench.ofRun(dOutput, r), shape, scale);
    compare(bench, got.dv, r, expected.dv, 'dv');
    // With one position every probability is 1 and these gradients are exactly zero: compare against the upstream's size.
    const size = shape.context > 1 ? 0 : 1;
    const shifted = (values: Float64Array) => Float64Array.from([size, ...values]);
    for (const [name, actual, wanted] of [
      ['dq', got.dq, expected.dq],
      ['dk', got.dk, expected.dk],
    ] as const) {
      expect(relativeError(shifted(bench.ofRun(actual, r)), shifted(wanted)), name).toBeLessThan(1e-4);
    }
  }
}
