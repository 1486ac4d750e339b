/**
 * A kernel is a WGSL file plus the few constants that must be known when it is compiled (array sizes); all other sizes come
 * in a uniform, so that one pipeline serves every shape of a ladder and only its first rung waits for the compiler.
 *
 * `Lane` is the unit in which a kernel walks along a row: vec4f where the row's length is a multiple of four, else f32.
 *
 * A line `@each i < N: text` stands for N copies of `text` with `{i}` replaced by 0 to N-1; `text` may be another such line.
 * It keeps a thread's tile in registers: WGSL arrays indexed in a loop end up in memory on several drivers (a tile of
 * 4 x 8 ran ten times slower that way on a CPU adapter).
 */

export type LaneWidth = 1 | 4;

export interface Kernel {
  label: string;
  /** Complete WGSL; also the key under which its pipeline is cached. */
  source: string;
}

const LANES: Record<LaneWidth, string> = {
  1: `alias Lane = f32;
const LANES: u32 = 1u;
fn total(x: Lane) -> f32 { return x; }
fn largest(x: Lane) -> f32 { return x; }
fn entry(x: Lane, i: u32) -> f32 { return x; }
fn unit(i: u32) -> Lane { return 1.0; }
`,
  4: `alias Lane = vec4f;
const LANES: u32 = 4u;
fn total(x: Lane) -> f32 { return (x.x + x.y) + (x.z + x.w); }
fn largest(x: Lane) -> f32 { return max(max(x.x, x.y), max(x.z, x.w)); }
fn entry(x: Lane, i: u32) -> f32 { return x[i]; }
fn unit(i: u32) -> Lane { return vec4f(vec4u(0u, 1u, 2u, 3u) == vec4u(i)); }
`,
};

export function kernel(
  label: string,
  source: string,
  lane: LaneWidth = 4,
  constants: Record<string, number> = {},
): Kernel {
  const declared = Object.entries(constants)
    .map(([name, value]) => `const ${name} = ${Number.isInteger(value) ? `${value}u` : String(value)};\n`)
    .join('');
  return { label, source: LANES[lane] + declared + unrolled(source, constants) };
}

const EACH = /^(\s*)@each (\w+) < (\w+): (.*)$/;

function unrolled(source: string, constants: Record<string, number>): string {
  return source
    .split('\n')
    .flatMap((line) => copies(line, constants))
    .join('\n');
}

function copies(line: string, constants: Record<string, number>): string[] {
  const match = EACH.exec(line);
  if (!match) return [line];
  const [, indent, index, bound, text] = match;
  const count = constants[bound];
  if (count === undefined) throw new Error(`a kernel counts to ${bound}, which is no constant of it`);
  return Array.from({ length: count }, (_, i) => indent + text.replaceAll(`{${index}}`, String(i))).flatMap((copy) =>
    copies(copy, constants),
  );
}

/** The widest lane that divides all the given row lengths. */
export function laneOf(...lengths: number[]): LaneWidth {
  return lengths.every((length) => length % 4 === 0) ? 4 : 1;
}
