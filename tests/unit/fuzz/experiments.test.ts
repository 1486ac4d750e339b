/** Experiments, as a file, as a link and as what is typed into the fields of the page. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { cohortsOf } from '../../../src/experiment/cohorts.ts';
import { parseExperiment } from '../../../src/model/experiment.ts';
import { optionsOf } from '../../../src/model/options.ts';
import { presetExperiment, presets } from '../../../src/model/presets.ts';
import { readNumber, readNumbers } from '../../../src/tables/typed-number.ts';
import { experimentFromHash, linkHash } from '../../../src/ui/link/experiment-link.ts';
import { lossesFromHash } from '../../../src/ui/link/losses-link.ts';
import { newDocument } from '../../../src/ui/state/loss-document.ts';
import { Draft } from '../../../src/ui/state/draft.svelte.ts';
import { inputOf } from '../model/experiment-inputs.ts';
import { door } from './door.ts';
import { scribbled, spoilt } from './inputs.ts';

const valid: unknown[] = [inputOf(), ...presets.map(({ id }) => presetExperiment(id))];

door('experiment file', spoilt(valid), (text) => {
  const experiment = parseExperiment(JSON.parse(text));
  expect(parseExperiment(JSON.parse(JSON.stringify(experiment)))).toEqual(experiment);
  const { rungs, targets } = cohortsOf(experiment);
  expect([...rungs, ...targets].length).toBeGreaterThan(0);
});

const tables = [newDocument('a.csv', 'width,loss\n8,4\n16,3.5\n32,3.2\n'), newDocument('b', 'x;y\n1;2\n')];
/** As a page packs it, whatever the JSON is. */
const pack = (field: string) => (json: string) => `v=1&${field}=${Buffer.from(json).toString('base64url')}`;
const packed = fc.oneof(spoilt(valid).map(pack('experiment')), spoilt(tables).map(pack('losses')));
const hashes = fc.oneof(packed, scribbled(packed), fc.string({ unit: 'binary' }), fc.webFragments());

door(
  'link',
  hashes,
  (hash) => {
    const experiment = experimentFromHash(hash);
    if (experiment) expect(experimentFromHash(linkHash(experiment))).toEqual(experiment);
    lossesFromHash(hash);
  },
  { begins: /^The link / },
);

const typed = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.stringMatching(/^[-+−]?[\d.,'_ ]{0,14}(e[-+]?\d{1,4})?[kKMBGT]?$/),
  fc.stringMatching(/^2(\^|\*\*|⁻)?[-\d⁰¹²³.,]{0,6}$/),
  fc.constantFrom(
    'NaN',
    'Infinity',
    '-0',
    '1e999',
    '0x10',
    '1'.repeat(10_000),
    ', '.repeat(5000),
    '1 000 '.repeat(2000),
  ),
);
const meant = fc.constantFrom('whole', 'size', 'real');

door('number field', fc.tuple(typed, meant), ([text, kind]) => {
  const { value, question } = readNumber(text, kind);
  expect(value).not.toBe(Infinity);
  expect(value).not.toBe(-Infinity);
  if (question !== null) expect([value, question]).toEqual([NaN, expect.stringMatching(/ may mean .* or .*\.$/s)]);
  const list = readNumbers(text, kind);
  for (const one of list.values) expect(Number.isNaN(one) || Number.isFinite(one)).toBe(true);
});

/** Every setting that any preset has, and the lists beside them. */
const paths = [
  ...new Set(
    presets.flatMap(({ id }) =>
      presetExperiment(id).recipes.flatMap((recipe) => optionsOf(recipe).map(({ path }) => path)),
    ),
  ),
];
const entered = fc.oneof(
  fc.tuple(typed, meant).map(([text, kind]) => readNumber(text, kind).value),
  fc.constantFrom<unknown>('', true, false, 'mup', 'sp', 'adamw', 'sgd', 'muon', 'cosine', 'text', 'spectral', 'key'),
  fc.string({ maxLength: 8 }),
);

door(
  'every setting of the page',
  fc.tuple(
    fc.constantFrom(...presets.map(({ id }) => id)),
    fc.array(fc.tuple(fc.constantFrom(...paths), entered), { minLength: 1, maxLength: 4 }),
    typed,
  ),
  ([id, entries, list]) => {
    const draft = new Draft();
    draft.choosePreset(id);
    const indices = draft.values.recipes.map((_, i) => i);
    for (const [path, value] of entries) {
      // A choice offers kinds that there are.
      if (
        path.endsWith('.kind') &&
        !optionsOf(draft.values.recipes[0]!).some((one) => one.path === path && one.words && String(value) in one.words)
      )
        continue;
      draft.set(indices, path, value);
    }
    draft.values.seeds = readNumbers(list, 'whole').values;
    const { problem } = draft.checked;
    if (problem) throw problem;
  },
);
