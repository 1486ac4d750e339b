/** The ops of a recipe's options against the float64 reference, at random odd shapes. */
import { describe, expect, test } from 'vitest';
import { embedding } from '../../src/gpu/ops/embedding.ts';
import { norm } from '../../src/gpu/ops/norm.ts';
import { rotary, rotationTable } from '../../src/gpu/ops/rotary.ts';
import { swiglu } from '../../src/gpu/ops/swiglu.ts';
import { tiedUnembedding } from '../../src/gpu/ops/tied-unembedding.ts';
import { randomStream } from '../../src/model/random.ts';
import { embeddingBackward, embeddingForward } from '../../src/reference/embedding.ts';
import { NORMS } from '../../src/reference/norm.ts';
import { ropeBackward, ropeForward } from '../../src/reference/rope.ts';
import { swigluBackward, swigluForward } from '../../src/reference/swiglu.ts';
import { tiedUnembeddingBackward, tiedUnembeddingForward } from '../../src/reference/tied-unembedding.ts';
import { OpBench, relativeError } from './op-bench.ts';
import {
  anyPrecision,
  anyShape,
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

describe(`ops of recipe options (seed ${SEED})`, () => {
  const random = randomStream(SEED, 'option shapes');
  for (let round = 0; round < 3; round++) {
    const seed = SEED + round;

    for (const kind of ['layernorm', 'rmsnorm'] as const) {
      // Rows of a head, as QK-norm has them, at least 4 long: of two features LayerNorm leaves only a sign.
      const drawn = anyShape(random);
      const headSize = drawn.headSize + 3;
      const shape = { ...drawn, headSize, width: headSize * drawn.heads, tensors: { filler: 7, gain: headSize } };
      test(`${kind} of heads: ${words(shape)}`, async () => {
        const bench = new OpBench(gpu, { ...shape, architecture: { ...PLAIN, norm: kind } }, seed);
        const { context } = bench;
        const count = context.rows * shape.heads;
        const x = input(bench, 'x', count * headSize);
        const y = norm(context, x, 'gain', { count, length: headSize });
        const dy = upstream(bench, y, count * headSize);
        const dx = context.tape.slot('dx', count * headSize);
        x.gradient = dx;
        const got = await bench.run({ y: y.slot, dx, gradients: context.gradients });
        for (let r = 0; r < shape.runs; r++) {
          const gain = bench.tensor(bench.input(context.parameters), 'gain', r);
          const normed = NORMS[kind].forward(bench.ofRun(bench.input(x.slot), r), gain, count);
          compare(bench, got.y, r, normed.y, 'y');
          const wanted = NORMS[kind].backward(bench.ofRun(dy, r), gain, normed);
          const tolerance = TOLERANCE * Math.max(1, ...normed.inverseStd.map((s) => s / 10));
          expect(relativeError(bench.ofRun(got.dx, r), wanted.dx), 'dx').toBeLessThan(tolerance);
          const dGain = bench.tensor(got.gradients, 'gain', r);
          expect(relativeError(dGain, wanted.dGain), 'dGain').toBeLessThan(tolerance);
        }
      });
    }

    const swigluShape = anyShape(random);
    test(`SwiGLU: ${words(swigluShape)}`, async () => {
      const bench = new OpBench(gpu, swigluShape, seed);
      const size = bench.context.rows * swigluShape.width;
      const [gate, up] = ['gate', 'up'].map((label) => input(bench, label, size));
      // Far out, where a careless exponential overflows.
      bench.input(gate.slot).set([120, -120].slice(0, size));
      const y = swiglu(bench.context, gate, up, swigluShape.width);
      const dy = upstream(bench, y, size);
      const [dGate, dUp] = [gate, up].map((value) => bench.context.tape.gradientOf(value, 'gradient', size));
      const got = await bench.run({ y: y.slot, dUp, dGate });
      for (let r = 0; r < swigluShape.runs; r++) {
        const [gr, ur] = [gate, up].map((value) => bench.ofRun(bench.input(value.slot), r));
        compare(bench, got.y, r, swigluForward(gr, ur), 'y');
        const wanted = swigluBackward(gr, ur, bench.ofRun(dy, r));
        compare(bench, got.dUp, r, wanted.dUp, 'dUp');
        compare(bench, got.dGate, r, wanted.dGate, 'dGate');
      }
    });

    const drawnHeads = anyShape(random);
    const ropeShape = { ...drawnHeads, headSize: 2 * drawnHeads.headSize, width: 2 * drawnHeads.width };
    test(`RoPE: ${words(ropeShape)}`, async () => {
      const bench = new OpBench(gpu, ropeShape, seed);
      const { context } = bench;
      const size = context.rows * ropeShape.width;
      const rotations = context.tape.shared('rotations', ropeShape.context * ropeShape.headSize);
      bench.fill(rotations, rotationTable(ropeShape));
      const x = input(bench, 'x', size);
      const before = bench.input(x.slot).slice();
      const y = rotary(context, x, rotations);
      const dy = upstream(bench, y, size).slice();
      const got = await bench.run({ y: y.slot, dx: y.gradient! });
      for (let r = 0; r < ropeShape.runs; r++) {
        compare(bench, got.y, r, ropeForward(bench.ofRun(before, r), ropeShape), 'y');
        compare(bench, got.dx, r, ropeBackward(bench.ofRun(dy, r), ropeShape), 'dx');
      }
    });

    const tiedArchitecture = { ...PLAIN, position: 'none', tied: true, precision: anyPrecision(random) } as const;
    const tiedShape = {
      ...anyShape(random, ({ width, vocabulary }) => ({ 'embed.token': vocabulary * width })),
      architecture: tiedArchitecture,
    };
    test(`tied embeddings without positions, forward and both gradients: ${words(tiedShape)}`, async () => {
      const bench = new OpBench(gpu, tiedShape, seed);
      const { context } = bench;
      const { width, vocabulary, batch, runs } = tiedShape;
      const tokens = context.tape.shared('tokens', context.rows);
      const drawn = bench.whole(tokens, vocabulary);
      const x = embedding(context, tokens);
      const logits = tiedUnembedding(context, x);
      const dLogits = upstream(bench, logits, context.rows * vocabulary);
      const got = await bench.run({ x: x.slot, logits: logits.slot, dx: x.gradient!, gradients: context.gradients });
      const sizes = { rows: context.rows, width, vocabulary };
      for (let r = 0; r < runs; r++) {
        const table = bench.tensor(bench.input(context.parameters), 'embed.token', r);
        const [alpha, , , scale] = bench.input(context.multipliers).subarray(4 * r, 4 * r + 4);
        const lookup = { batch, context: tiedShape.context, width };
        const xr = embeddingForward(drawn, table, null, lookup, alpha);
        compare(bench, got.x, r, xr, 'x');
        // As the kernel left it: what it is rounded to may hang on its last bit.
        const taken = operand(tiedShape, bench.ofRun(got.x, r));
        const rounded = operand(tiedShape, table);
        compare(bench, got.logits, r, tiedUnembeddingForward(taken, rounded, sizes, scale), 'logits');
        const dy = upstreamOperand(tiedShape, bench.ofRun(dLogits, r));
        const through = tiedUnembeddingBackward(taken, rounded, dy, sizes, scale);
        compare(bench, got.dx, r, through.dx, 'dx');
        const { dToken } = embeddingBackward(drawn, through.dx, vocabulary, lookup, alpha);
        const wanted = dToken.map((value, i) => value + through.dToken[i]);
        const measured = bench.tensor(got.gradients, 'embed.token', r);
        expect(relativeError(measured, wanted), 'gradient of the table').toBeLessThan(TOLERANCE);
      }
    });
  }
});
