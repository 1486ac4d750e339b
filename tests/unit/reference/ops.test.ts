/** Each op's backward pass against differences of its forward pass, at random sizes. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { randomStream } from '../../../src/model/random.ts';
import { attentionBackward, attentionForward } from '../../../src/reference/attention.ts';
import { crossEntropyBackward, crossEntropyForward } from '../../../src/reference/cross-entropy.ts';
import { embeddingBackward, embeddingForward } from '../../../src/reference/embedding.ts';
import { geluBackward, geluForward } from '../../../src/reference/gelu.ts';
import { linearBackward, linearForward } from '../../../src/reference/linear.ts';
import { matmul, matmulTransposedA, matmulTransposedB } from '../../../src/reference/matmul.ts';
import { layerNormForward, NORMS, rmsNormForward } from '../../../src/reference/norm.ts';
import { ropeBackward, ropeForward } from '../../../src/reference/rope.ts';
import { squaredReluBackward, squaredReluForward } from '../../../src/reference/squared-relu.ts';
import { swigluBackward, swigluForward } from '../../../src/reference/swiglu.ts';
import { tiedUnembeddingBackward, tiedUnembeddingForward } from '../../../src/reference/tied-unembedding.ts';
import { differences, everyIndex, relativeError } from './finite-differences.ts';

const upTo = (max: number) => fc.integer({ min: 1, max });
const seeds = fc.integer({ min: 0, max: 2 ** 31 });
const RUNS = { numRuns: 15 };

function normals(seed: number, purpose: string, length: number): Float64Array {
  const random = randomStream(seed, purpose);
  return Float64Array.from({ length }, () => random.normal());
}

/** Σ weights · values: with random weights, a scalar whose gradient shows every entry. */
function dot(weights: Float64Array, values: Float64Array): number {
  return values.reduce((sum, value, i) => sum + weights[i] * value, 0);
}

function expectGradient(f: () => number, of: Float64Array, gradient: Float64Array) {
  expect(gradient).toHaveLength(of.length);
  expect(relativeError(gradient, differences(f, of, everyIndex(of)))).toBeLessThan(1e-8);
}

test('the three products are those of the definition', () => {
  fc.assert(
    fc.property(upTo(9), upTo(9), upTo(9), seeds, (m, k, n, seed) => {
      const [a, b] = [normals(seed, 'a', m * k), normals(seed, 'b', k * n)];
      const c = normals(seed, 'c', m * n);
      const sum = (length: number, term: (i: number) => number) =>
        Array.from({ length }, (_, i) => term(i)).reduce((x, y) => x + y, 0);
      const fill = (rows: number, columns: number, entry: (i: number, j: number) => number) =>
        Array.from({ length: rows * columns }, (_, at) => entry(Math.floor(at / columns), at % columns));
      const cases = [
        [matmul(a, b, m, k, n, 3), fill(m, n, (i, j) => 3 * sum(k, (p) => a[i * k + p] * b[p * n + j]))],
        [matmulTransposedA(a, c, m, k, n, 3), fill(k, n, (p, j) => 3 * sum(m, (i) => a[i * k + p] * c[i * n + j]))],
        [matmulTransposedB(c, b, m, n, k, 3), fill(m, k, (i, p) => 3 * sum(n, (j) => c[i * n + j] * b[p * n + j]))],
      ] as const;
      for (const [actual, expected] of cases) expect(relativeError(actual, expected)).toBeLessThan(1e-13);
    }),
  );
});

describe('gradients', () => {
  test('linear', () => {
    fc.assert(
      fc.property(upTo(6), upTo(6), upTo(6), seeds, (rows, fanIn, fanOut, seed) => {
        const [x, w] = [normals(seed, 'x', rows * fanIn), normals(seed, 'w', fanIn * fanOut)];
        const dy = normals(seed, 'dy', rows * fanOut);
        const sizes = { rows, fanIn, fanOut };
        const f = () => dot(dy, linearForward(x, w, sizes, 0.7));
        const { dx, dw } = linearBackward(x, w, dy, sizes, 0.7);
        expectGradient(f, x, dx);
        expectGradient(f, w, dw);
      }),
      RUNS,
    );
  });

  test.each(['layernorm', 'rmsnorm'] as const)('%s', (kind) => {
    const { forward, backward } = NORMS[kind];
    fc.assert(
      fc.property(upTo(5), fc.integer({ min: 3, max: 9 }), seeds, (rows, width, seed) => {
        const [x, gain] = [normals(seed, 'x', rows * width), normals(seed, 'gain', width)];
        const dy = normals(seed, 'dy', rows * width);
        // A large ε keeps rows that happen to be nearly constant from bending more than the differences can follow.
        const f = () => dot(dy, forward(x, gain, rows, 0.3).y);
        const { dx, dGain } = backward(dy, gain, forward(x, gain, rows, 0.3));
        expectGradient(f, x, dx);
        expectGradient(f, gain, dGain);
      }),
      RUNS,
    );
  });

  test('gelu', () => {
    const x = Float64Array.from({ length: 41 }, (_, i) => (i - 20) / 4);
    const dy = normals(5, 'dy', x.length);
    expectGradient(() => dot(dy, geluForward(x)), x, geluBackward(x, dy));
  });

  test('ReLU²', () => {
    const x = Float64Array.from({ length: 40 }, (_, i) => (i - 19.5) / 4);
    const dy = normals(6, 'dy', x.length);
    expectGradient(() => dot(dy, squaredReluForward(x)), x, squaredReluBackward(x, dy));
  });

  test('SwiGLU', () => {
    fc.assert(
      fc.property(upTo(30), seeds, (length, seed) => {
        const [gate, up, dy] = ['gate', 'up', 'dy'].map((name) => normals(seed, name, length));
        const f = () => dot(dy, swigluForward(gate, up));
        const { dGate, dUp } = swigluBackward(gate, up, dy);
        expectGradient(f, gate, dGate);
        expectGradient(f, up, dUp);
      }),
      RUNS,
    );
  });

  test('RoPE', () => {
    fc.assert(
      fc.property(upTo(3), upTo(5), upTo(3), upTo(3), seeds, (batch, context, heads, pairs, seed) => {
        const sizes = { batch, context, heads, headSize: 2 * pairs };
        const [x, dy] = ['x', 'dy'].map((name) => normals(seed, name, batch * context * heads * 2 * pairs));
        expectGradient(() => dot(dy, ropeForward(x, sizes)), x, ropeBackward(dy, sizes));
      }),
      RUNS,
    );
  });

  test('tied unembedding', () => {
    fc.assert(
      fc.property(upTo(5), upTo(6), upTo(7), seeds, (rows, width, vocabulary, seed) => {
        const sizes = { rows, width, vocabulary };
        const [x, token] = [normals(seed, 'x', rows * width), normals(seed, 'token', vocabulary * width)];
        const dy = normals(seed, 'dy', rows * vocabulary);
        const f = () => dot(dy, tiedUnembeddingForward(x, token, sizes, 0.7));
        const { dx, dToken } = tiedUnembeddingBackward(x, token, dy, sizes, 0.7);
        expectGradient(f, x, dx);
        expectGradient(f, token, dToken);
      }),
      RUNS,
    );
  });

  test('attention', () => {
    fc.assert(
      fc.property(upTo(3), upTo(5), upTo(3), upTo(5), seeds, (batch, context, heads, headSize, seed) => {
        const sizes = { batch, context, heads, headSize };
        const length = batch * context * heads * headSize;
        const [q, k, v, dy] = ['q', 'k', 'v', 'dy'].map((name) => normals(seed, name, length));
        const f = () => dot(dy, attentionForward(q, k, v, sizes, 0.6).output);
        const { dq, dk, dv } = attentionBackward(q, k, v, attentionForward(q, k, v, sizes, 0.6), dy, sizes, 0.6);
        expectGradient(f, v, dv);
        // With a single position, attention does not depend on queries and keys at all.
        if (context === 1) {
          for (const value of [...dq, ...dk]) expect(value).toBeCloseTo(0, 12);
        } else {
          expectGradient(f, q, dq);
          expectGradient(f, k, dk);
        }
      }),
      RUNS,
    );
  });

  test('embedding, where tokens repeat and some never occur', () => {
    fc.assert(
      fc.property(upTo(3), upTo(4), upTo(4), seeds, (batch, context, width, seed) => {
        const vocabulary = 5;
        const random = randomStream(seed, 'inputs');
        const inputs = Uint32Array.from({ length: batch * context }, () => random.below(vocabulary - 1));
        const [token, position] = [normals(seed, 't', vocabulary * width), normals(seed, 'p', context * width)];
        const dx = normals(seed, 'dx', batch * context * width);
        const sizes = { batch, context, width };
        const f = () => dot(dx, embeddingForward(inputs, token, position, sizes, 1.4));
        const { dToken, dPosition } = embeddingBackward(inputs, dx, vocabulary, sizes, 1.4);
        expectGradient(f, token, dToken);
        expectGradient(f, position, dPosition);
      }),
      RUNS,
    );
  });

  test('embedding without positions', () => {
    const sizes = { batch: 2, context: 3, width: 4 };
    const inputs = Uint32Array.of(4, 0, 4, 1, 1, 0);
    const [token, dx] = [normals(1, 't', 5 * 4), normals(1, 'dx', 2 * 3 * 4)];
    const f = () => dot(dx, embeddingForward(inputs, token, null, sizes, 1.4));
    expectGradient(f, token, embeddingBackward(inputs, dx, 5, sizes, 1.4).dToken);
  });

  test('cross-entropy', () => {
    fc.assert(
      fc.property(upTo(5), fc.integer({ min: 2, max: 9 }), seeds, (rows, vocabulary, seed) => {
        const random = randomStream(seed, 'labels');
        const labels = Uint32Array.from({ length: rows }, () => random.below(vocabulary));
        const logits = normals(seed, 'logits', rows * vocabulary);
        const f = () => crossEntropyForward(logits, labels, vocabulary).reduce((sum, loss) => sum + loss, 0) / rows;
        expectGradient(f, logits, crossEntropyBackward(logits, labels, vocabulary));
      }),
      RUNS,
    );
  });
});

describe('forward passes', () => {
  test('a normed row has mean 0 and variance 1 before its gain', () => {
    const { y } = layerNormForward(normals(1, 'x', 3 * 50), new Float64Array(50).fill(2), 3);
    for (let row = 0; row < 3; row++) {
      const values = y.subarray(row * 50, (row + 1) * 50);
      expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 10);
      expect(values.reduce((sum, value) => sum + value ** 2, 0) / 50).toBeCloseTo(4, 3);
    }
  });

  test('RMSNorm divides by the root of the mean square and leaves the mean in', () => {
    // √((9 + 16)/2) = 3.5355; with ε = 0.5 the square is 13.
    const { y } = rmsNormForward(Float64Array.of(3, 4), Float64Array.of(1, 2), 1, 0.5);
    expect(y[0]).toBeCloseTo(3 / Math.sqrt(13), 14);
    expect(y[1]).toBeCloseTo(8 / Math.sqrt(13), 14);
  });

  test('ReLU² and SwiGLU at known points', () => {
    expect([...squaredReluForward(Float64Array.of(-2, 0, 3))]).toEqual([0, 0, 9]);
    // silu(1) = 1/(1 + e⁻¹) = 0.7310586, and silu(−1) is one less.
    const [plus, minus, far] = swigluForward(Float64Array.of(1, -1, -800), Float64Array.of(2, 2, 2));
    expect(plus).toBeCloseTo(2 * 0.7310585786, 9);
    expect(minus).toBeCloseTo(2 * (0.7310585786 - 1), 9);
    expect(far).toBeCloseTo(0, 14);
  });

  test('RoPE turns the pair (i, i + d_h/2) of position p by p · 10000^(−2i/d_h)', () => {
    const sizes = { batch: 1, context: 3, heads: 1, headSize: 4 };
    // All positions hold the same head: 1 and 2 as one pair's x, 0 as both y.
    const y = ropeForward(Float64Array.of(1, 2, 0, 0, 1, 2, 0, 0, 1, 2, 0, 0), sizes);
    expect([...y.subarray(0, 4)]).toEqual([1, 2, 0, 0]);
    const expected = [Math.cos(2), 2 * Math.cos(0.02), Math.sin(2), 2 * Math.sin(0.02)];
    expected.forEach((value, i) => expect(y[8 + i]).toBeCloseTo(value, 14));
  });

  test('after RoPE, q·k depends on positions by their difference only, head by head', () => {
    const sizes = { batch: 2, context: 6, heads: 3, headSize: 4 };
    const head = (salt: string) => normals(9, salt, 4);
    const everywhere = (values: Float64Array) => Float64Array.from({ length: 2 * 6 * 3 * 4 }, (_, i) => values[i % 4]);
    const [q, k] = ['q', 'k'].map((salt) => ropeForward(everywhere(head(salt)), sizes));
    const at = (values: Float64Array, batch: number, position: number, h: number) =>
      values.subarray(((batch * 6 + position) * 3 + h) * 4, ((batch * 6 + position) * 3 + h + 1) * 4);
    const product = dot(at(q, 0, 3, 0), at(k, 0, 1, 0));
    expect(dot(at(q, 0, 5, 1), at(k, 0, 3, 1))).toBeCloseTo(product, 12);
    expect(dot(at(q, 1, 2, 2), at(k, 1, 0, 2))).toBeCloseTo(product, 12);
    expect(Math.abs(dot(at(q, 0, 3, 0), at(k, 0, 2, 0)) - product)).toBeGreaterThan(1e-3);
  });

  test('gelu at known points', () => {
    // x · Φ(x) is 0.8413447 at 1; the tanh form is known to be 0.8411920 there (torch.nn.functional.gelu, approximate="tanh").
    const [atOne, atMinusOne, atZero, far] = geluForward(Float64Array.of(1, -1, 0, 30));
    expect(atOne).toBeCloseTo(0.841192, 6);
    expect(atMinusOne).toBeCloseTo(-0.158808, 6);
    expect([atZero, far]).toEqual([0, 30]);
  });

  test('attention looks back only, and weighs all it sees alike when queries are zero', () => {
    const sizes = { batch: 1, context: 4, heads: 1, headSize: 1 };
    const [zeros, k, v] = [new Float64Array(4), normals(1, 'k', 4), Float64Array.of(1, 3, 5, 11)];
    const { output } = attentionForward(zeros, k, v, sizes, 1);
    expect([...output]).toEqual([1, 2, 3, 5]);
  });

  test('cross-entropy of even logits is log V, and huge logits stay finite', () => {
    expect(crossEntropyForward(new Float64Array(7), [3], 7)[0]).toBeCloseTo(Math.log(7), 14);
    const [right, wrong] = crossEntropyForward(Float64Array.of(5000, 0, 5000, 0), [0, 1], 2);
    expect([right, wrong]).toEqual([0, 5000]);
  });
});
