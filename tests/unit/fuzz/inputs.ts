/** Input as nobody should send it: what is right with something wrong in it, in the values and in the letters. */
import fc from 'fast-check';

type Tree = unknown;

const NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '',
  'length',
  '0',
  'then',
  'name',
];

/** What a file may hold where something else belongs. */
const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    '',
    [],
    {},
    0,
    -0,
    -1,
    0.5,
    1e308,
    -1e308,
    5e-324,
    2 ** 31,
    2 ** 53,
    '1e9',
    'NaN',
  ),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(...NAMES),
  fc.constantFrom('x'.repeat(100_000), '\u0000', '\uD800', '=1+1', '../../etc/passwd', '<script>', '\u202Eabc'),
  fc.array(fc.constantFrom<unknown>(0, 8, 16, null, 'a', {}), { maxLength: 80 }),
  fc.dictionary(fc.constantFrom(...NAMES, 'kind', 'width'), fc.constantFrom<unknown>(0, null, 'a', []), { maxKeys: 3 }),
  fc.integer({ min: 100, max: 10_000 }).map((depth) => `${NESTED}${depth}`),
);

/** Stands for lists and records in each other, so many of them: what writes JSON would not get through them. */
const NESTED = 'nested ';
const nested = (depth: number) => '[{"a":'.repeat(depth / 2) + '1' + '}]'.repeat(depth / 2);
const written = (tree: Tree): string =>
  (JSON.stringify(tree) ?? '').replace(/"nested (\d+)"/g, (_, depth: string) => nested(Number(depth)));

type Path = (string | number)[];

function pathsIn(tree: Tree, path: Path = []): Path[] {
  if (typeof tree !== 'object' || tree === null) return [path];
  return [path, ...Object.entries(tree).flatMap(([key, value]) => pathsIn(value, [...path, key]))];
}

interface Change {
  at: number;
  how: 'replace' | 'remove' | 'repeat' | 'add' | 'swap';
  value: unknown;
  name: string;
  other: number;
}

const change = fc.record<Change>({
  at: fc.nat(),
  how: fc.constantFrom('replace', 'replace', 'remove', 'repeat', 'add', 'swap'),
  value: odd,
  name: fc.constantFrom(...NAMES),
  other: fc.nat(),
});

/** As `JSON.parse` does it: also a key that is that of the prototype becomes one's own. */
const put = (parent: object, key: string | number, value: unknown) =>
  Object.defineProperty(parent, key, { value, enumerable: true, configurable: true, writable: true });

const valueAt = (tree: Tree, path: Path): unknown =>
  path.reduce((node, key) => (node as Record<string, unknown>)[key], tree);

function changed(tree: Tree, { at, how, value, name, other }: Change): Tree {
  const paths = pathsIn(tree);
  const path = paths[at % paths.length]!;
  const key = path.at(-1);
  if (key === undefined) return how === 'replace' ? value : tree;
  const parent = valueAt(tree, path.slice(0, -1)) as Record<string, unknown>;
  if (how === 'replace') put(parent, key, value);
  else if (how === 'remove') Reflect.deleteProperty(parent, key);
  else if (how === 'add' && !Array.isArray(parent)) put(parent, name, value);
  else if (how === 'swap') put(parent, key, structuredClone(valueAt(tree, paths[other % paths.length]!)));
  else if (Array.isArray(parent)) parent.push(structuredClone(parent[Number(key)]));
  return tree;
}

/** The JSON of a valid value with up to three things wrong in it. */
export const spoilt = (valid: readonly unknown[]): fc.Arbitrary<string> =>
  fc
    .tuple(fc.nat({ max: valid.length - 1 }), fc.array(change, { maxLength: 3 }))
    .map(([which, changes]) => written(changes.reduce(changed, structuredClone(valid[which]))));

const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.nat({ max: 40 }),
  into: fc.oneof(
    fc.constantFrom(
      '',
      ',',
      '"',
      '{',
      '}',
      '[',
      ']',
      '\n',
      ';',
      '\t',
      '\u0000',
      'NaN',
      '-',
      '1e999',
      '\\',
      ':',
      '|',
      '=',
      '%',
      '&',
    ),
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.constantFrom('['.repeat(20_000), '{"a":'.repeat(20_000), '9'.repeat(5000)),
  ),
});

/** A text with up to three places changed, cut out or written into. */
export const scribbled = (texts: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(texts, fc.array(edit, { maxLength: 3 })).map(([text, edits]) =>
    edits.reduce((now, { at, cut, into }) => {
      const place = Math.floor(at * now.length);
      return now.slice(0, place) + into + now.slice(place + cut);
    }, text),
  );
