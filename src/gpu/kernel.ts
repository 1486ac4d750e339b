/**
 * A kernel is a WGSL file plus the few constants that must be known when it is compiled (array sizes); all other sizes come
 * in a uniform, so that one pipeline serves every shape of a ladder and only its first rung waits for the compiler.
 *
 * `Lane` is the unit in which a kernel walks along a row: vec4f where the row's length is a multiple of four, else f32.
 *
 * A line `@each i < N: text` stands for N copies of `text` with `{i}` replaced by 0 to N-1 (and `{i / 4}`, `{i % 4}`,
 * `{i / 4 % 4}` by what that gives); `text` may be another such line. `@each i < N {` does so for all lines up to its `@}`. N is a
 * constant of the kernel, or a number. It keeps a thread's tile in registers: WGSL arrays indexed in a loop end up in memory on
 * several drivers (a tile of 4 x 8 ran ten times slower that way on a CPU adapter).
 *
 * `@when NAME == 1: text` keeps `text` only where that constant has that value, `!=` only where it has another.
 */

import type { Struct } from './struct.ts';

export type LaneWidth = 1 | 4;

/** @typeParam Name what its `Call` holds. */
export interface Kernel<Name extends string = string> {
  label: string;
  /** Complete WGSL; also the key under which its pipeline is cached. */
  source: string;
  call: Struct<Name>;
}

/** What is declared in front of a kernel's text beside its `Call`. */
interface Declared {
  /** The unit of `Lane`. */
  lane?: LaneWidth;
  constants?: Constants;
  /** Further lane types: `{ A: 4 }` declares `A` as vec4f, and A_LANES as 4. */
  aliases?: Record<string, LaneWidth>;
  /** Of what it binds. */
  structs?: readonly Pick<Struct<never>, 'declaration'>[];
}

type Constants = Record<string, number>;

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

/** Texts by what they are made from: a program is recorded many times while its size is sought. */
const made = new Map<string, Map<string, string>>();

/** @param call the struct `Call`, the kernel's uniform: its sizes. */
export function kernel<Name extends string>(
  label: string,
  source: string,
  call: Struct<Name>,
  { lane = 4, constants = {}, aliases = {}, structs = [] }: Declared = {},
): Kernel<Name> {
  const declarations = [call, ...structs].map(({ declaration }) => declaration).join('');
  const texts = made.get(source) ?? new Map<string, string>();
  made.set(source, texts);
  const key = JSON.stringify([lane, constants, aliases, declarations]);
  const text = texts.get(key) ?? textOf(source, declarations, lane, constants, aliases);
  texts.set(key, text);
  return { label, source: text, call };
}

function textOf(
  source: string,
  structs: string,
  lane: LaneWidth,
  constants: Constants,
  aliases: Record<string, LaneWidth>,
): string {
  const lanes = Object.fromEntries(
    Object.entries(aliases).map(([name, width]) => [`${name.toUpperCase()}_LANES`, width]),
  );
  const all = { ...constants, ...lanes };
  const declared = Object.entries(all)
    .map(([name, value]) => `const ${name} = ${Number.isInteger(value) ? `${value}u` : String(value)};\n`)
    .join('');
  const named = Object.entries(aliases)
    .map(([name, width]) => `alias ${name} = ${width === 4 ? 'vec4f' : 'f32'};\n`)
    .join('');
  const lines = unrolled(source.split('\n'), all);
  // Directives stand in front of everything else.
  const isDirective = (line: string) => /^(enable|diagnostic)\b/.test(line);
  const directives = lines.filter(isDirective).map((line) => `${line}\n`);
  const body = lines.filter((line) => !isDirective(line)).join('\n');
  return directives.join('') + LANES[lane] + named + declared + structs + body;
}

const WHEN = /^(\s*)@when (\w+) (==|!=) (\d+): (.*)$/;
const EACH = /^(\s*)@each (\w+) < (\w+): (.*)$/;
const BLOCK = /^\s*@each (\w+) < (\w+) \{$/;
const END = /^\s*@\}$/;

function unrolled(lines: string[], constants: Constants): string[] {
  const result: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const block = BLOCK.exec(lines[at]);
    if (!block) {
      result.push(...copies(lines[at], constants));
      continue;
    }
    const end = endOfBlock(lines, at);
    const inside = lines.slice(at + 1, end);
    for (let i = 0; i < countOf(block[2], constants); i++) {
      result.push(
        ...unrolled(
          inside.map((line) => withIndex(line, block[1], i)),
          constants,
        ),
      );
    }
    at = end;
  }
  return result;
}

function endOfBlock(lines: string[], begin: number): number {
  let depth = 0;
  for (let at = begin; at < lines.length; at++) {
    if (BLOCK.test(lines[at])) depth++;
    if (END.test(lines[at])) depth--;
    if (depth === 0) return at;
  }
  throw new Error(`a kernel's block has no end: ${lines[begin].trim()}`);
}

function copies(line: string, constants: Constants): string[] {
  const when = WHEN.exec(line);
  if (when) {
    const [, indent, name, sign, value, text] = when;
    const isEqual = countOf(name, constants) === Number(value);
    return isEqual === (sign === '==') ? copies(indent + text, constants) : [];
  }
  const each = EACH.exec(line);
  if (!each) return [line];
  const [, indent, index, bound, text] = each;
  return Array.from({ length: countOf(bound, constants) }, (_, i) => withIndex(indent + text, index, i)).flatMap(
    (copy) => copies(copy, constants),
  );
}

function countOf(bound: string, constants: Constants): number {
  const count = /^\d+$/.test(bound) ? Number(bound) : constants[bound];
  if (count === undefined) throw new Error(`a kernel counts to ${bound}, which is no constant of it`);
  return count;
}

/** `{i}`, and steps of whole division and remainder from left to right. */
function withIndex(line: string, index: string, i: number): string {
  return line.replace(new RegExp(`\\{${index}((?: [/%] \\d+)*)\\}`, 'g'), (_, steps: string) => {
    const each = [...steps.matchAll(/([/%]) (\d+)/g)];
    return String(each.reduce((value, [, sign, by]) => (sign === '/' ? Math.floor(value / +by) : value % +by), i));
  });
}

/** The widest lane that divides all the given row lengths. */
export function laneOf(...lengths: number[]): LaneWidth {
  return lengths.every((length) => length % 4 === 0) ? 4 : 1;
}
