/** What `@each` and `@when` make of a kernel's text, what stands in front of it, and what it is called with. */
import { describe, expect, test } from 'vitest';
import { kernel, laneOf, type LaneWidth } from '../../../src/gpu/kernel.ts';
import { Struct } from '../../../src/gpu/struct.ts';
import { launch } from '../../../src/gpu/tape.ts';

const CALL = new Struct('Call', { rows: 'u32', scale: 'f32' });

/** What is left of a kernel behind its declarations. */
function textOf(source: string, constants: Record<string, number> = {}): string {
  const mark = '// begins here';
  return kernel('test', `${mark}\n${source}`, CALL, { constants }).source.split(`${mark}\n`)[1];
}

describe('@each', () => {
  test('repeats a line for 0 to N-1, N being a number or a constant of the kernel', () => {
    expect(textOf('@each i < 3: let a{i} = b[{i}u];')).toBe('let a0 = b[0u];\nlet a1 = b[1u];\nlet a2 = b[2u];');
    expect(textOf('@each i < ROWS: a{i};', { ROWS: 2 })).toBe('a0;\na1;');
  });

  test('leaves nothing where it counts to zero', () => {
    expect(textOf('before\n@each i < ROWS: a{i};\nafter', { ROWS: 0 })).toBe('before\nafter');
  });

  test('keeps the indent, and lines that are none of its own as they are', () => {
    const plain = 'for (var i = 0u; i < 3u; i++) { let x = vec4f(y[i]); }';
    expect(textOf(`${plain}\n    @each i < 2: a{i};`)).toBe(`${plain}\n    a0;\n    a1;`);
  });

  test('nests on a line, the outer index slowest', () => {
    expect(textOf('@each i < 2: @each j < COLUMNS: s{i}_{j};', { COLUMNS: 3 })).toBe(
      's0_0;\ns0_1;\ns0_2;\ns1_0;\ns1_1;\ns1_2;',
    );
  });

  test('divides and takes remainders from left to right', () => {
    const line = '@each i < 10: {i} {i / 4} {i % 4} {i / 2 % 2} {i % 8 / 4}';
    const lines = textOf(line).split('\n');
    expect(lines).toHaveLength(10);
    lines.forEach((text, i) => {
      const [quarter, within] = [Math.floor(i / 4), i % 4];
      expect(text).toBe(`${i} ${quarter} ${within} ${Math.floor(i / 2) % 2} ${Math.floor((i % 8) / 4)}`);
    });
  });

  test("leaves other names' braces alone", () => {
    expect(textOf('@each i < 1: if (x) { y{i} = {j}; }')).toBe('if (x) { y0 = {j}; }');
  });

  test('repeats all lines of a block, in their order', () => {
    const source = ['@each i < 2 {', '  a{i};', '  @each j < 2: b{i}{j};', '@}', 'after'].join('\n');
    expect(textOf(source)).toBe(['  a0;', '  b00;', '  b01;', '  a1;', '  b10;', '  b11;', 'after'].join('\n'));
  });

  test('nests blocks, each up to its own end', () => {
    const source = ['@each i < ROWS {', '@each j < 2 {', 'a{i}{j};', '@}', 'b{i};', '@}', 'after'].join('\n');
    expect(textOf(source, { ROWS: 2 })).toBe('a00;\na01;\nb0;\na10;\na11;\nb1;\nafter');
    expect(textOf(source, { ROWS: 0 })).toBe('after');
  });

  test('refuses what it cannot count to, and a block without an end', () => {
    expect(() => textOf('@each i < ROWS: a{i};')).toThrow('a kernel counts to ROWS, which is no constant of it');
    expect(() => textOf('@each i < ROWS {\na{i};\n@}')).toThrow('a kernel counts to ROWS');
    expect(() => textOf('@each i < 2 {\n@each j < 2 {\n@}')).toThrow("a kernel's block has no end: @each i < 2 {");
  });
});

describe('@when', () => {
  test('keeps a line only where the constant has the value', () => {
    const source = 'always\n@when TURNED == 0: straight\n@when TURNED == 1: turned';
    expect(textOf(source, { TURNED: 0 })).toBe('always\nstraight');
    expect(textOf(source, { TURNED: 1 })).toBe('always\nturned');
    expect(textOf(source, { TURNED: 2 })).toBe('always');
  });

  test('keeps a line only where the constant has another value', () => {
    const source = 'always\n@when TEAM != 1: shared';
    expect(textOf(source, { TEAM: 1 })).toBe('always');
    expect(textOf(source, { TEAM: 16 })).toBe('always\nshared');
  });

  test('goes with @each, on a line and in a block', () => {
    const line = '@when TURNED == 1: @each i < 2: a{i};';
    expect(textOf(line, { TURNED: 1 })).toBe('a0;\na1;');
    // What is left out may count to what does not exist.
    expect(textOf('b;\n@when TURNED == 1: @each i < ROWS: a{i};', { TURNED: 0 })).toBe('b;');
    const block = '@each i < 2 {\n@when TURNED == 1: a{i};\nb{i};\n@}';
    expect(textOf(block, { TURNED: 1 })).toBe('a0;\nb0;\na1;\nb1;');
    expect(textOf(block, { TURNED: 0 })).toBe('b0;\nb1;');
  });

  test('refuses a constant that the kernel does not have', () => {
    expect(() => textOf('@when TURNED == 1: a')).toThrow('TURNED, which is no constant of it');
  });
});

describe('declarations', () => {
  test('stand in front of the text: the lane, its named relatives, constants as unsigned numbers or fractions', () => {
    const { source } = kernel('test', 'text', CALL, {
      ...{ lane: 1, constants: { ROWS: 8, EPSILON: 1e-5 }, aliases: { A: 4, Out: 1 } },
      structs: [new Struct('Run', { step: 'u32' })],
    });
    expect(source).toContain('alias Lane = f32;\n');
    expect(source).toContain('alias A = vec4f;\n');
    expect(source).toContain('alias Out = f32;\n');
    for (const constant of ['LANES: u32 = 1u', 'ROWS = 8u', 'EPSILON = 0.00001', 'A_LANES = 4u', 'OUT_LANES = 1u']) {
      expect(source).toContain(`const ${constant};\n`);
    }
    expect(source.endsWith('struct Call { rows: u32, scale: f32 }\nstruct Run { step: u32 }\ntext')).toBe(true);
  });

  test("lanes of a kernel's aliases can be counted to", () => {
    const { source } = kernel('test', '@each n < A_LANES: a{n};\n@when A_LANES == 4: four', CALL, {
      aliases: { A: 4 },
    });
    expect(source.endsWith('a0;\na1;\na2;\na3;\nfour')).toBe(true);
  });

  test('come behind directives, also those that only hold under a condition', () => {
    const text = '// head\n@when QUADS == 1: enable subgroups;\n@when QUADS == 1: diagnostic(off, x);\nfn main() {}';
    const quads = kernel('test', text, CALL, { constants: { QUADS: 1 } }).source;
    expect(quads.startsWith('enable subgroups;\ndiagnostic(off, x);\nalias Lane')).toBe(true);
    expect(quads.endsWith('// head\nfn main() {}')).toBe(true);
    expect(quads.split('enable subgroups;')).toHaveLength(2);
    expect(kernel('test', text, CALL, { constants: { QUADS: 0 } }).source).not.toContain('subgroups');
  });

  test('differ wherever the text does: the text is what a pipeline is found by', () => {
    const of = (lane: LaneWidth, rows: number, out: LaneWidth, call: Struct<'rows'> | typeof CALL = CALL) =>
      kernel<string>('same', 'text', call, { lane, constants: { ROWS: rows }, aliases: { Out: out } }).source;
    const others = [of(1, 1, 4), of(4, 2, 4), of(4, 1, 1), of(4, 1, 4, new Struct('Call', { rows: 'u32' }))];
    const sources = [of(4, 1, 4), ...others];
    expect(new Set(sources).size).toBe(5);
    expect(of(4, 1, 4)).toBe(sources[0]);
  });
});

describe("a kernel's numbers", () => {
  const asked = {
    kernel: kernel('test', 'text', CALL),
    bindings: [],
    workgroups: [1, 1, 1] as [number, number, number],
  };

  test('lie where its struct has their names, each as its type, in whatever order they are given', () => {
    const words = launch({ ...asked, call: { scale: 0.5, rows: 7 } }).words();
    expect(words).toEqual(Uint32Array.of(7, 0x3f000000));
    expect(CALL.rows(Uint32Array.of(...words, 8, 0))).toEqual([
      { rows: 7, scale: 0.5 },
      { rows: 8, scale: 0 },
    ]);
  });

  test('are refused where one is missing, is none of its own, or is no whole number', () => {
    // @ts-expect-error a name is missing
    expect(launch({ ...asked, call: { rows: 7 } }).words).toThrow("a row of a kernel's Call has other names: rows");
    // @ts-expect-error a name is another
    expect(launch({ ...asked, call: { rows: 7, factor: 1 } }).words).toThrow('Call has no scale');
    // @ts-expect-error a name is too many
    expect(launch({ ...asked, call: { rows: 7, scale: 1, lanes: 2 } }).words).toThrow(
      'other names: rows, scale, lanes',
    );
    for (const rows of [0.5, -1, 2 ** 32, NaN]) {
      expect(launch({ ...asked, call: { rows, scale: 1 } }).words).toThrow(`rows = ${rows}, which is no whole number`);
    }
  });
});

test('the widest lane divides all lengths', () => {
  expect(laneOf(64)).toBe(4);
  expect(laneOf(64, 12)).toBe(4);
  expect(laneOf(64, 10)).toBe(1);
  expect(laneOf(3)).toBe(1);
});
