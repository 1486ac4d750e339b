import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { corpusSchema } from '../../../src/model/corpora.ts';
import { optionsOf, type Option } from '../../../src/model/options.ts';
import { presetExperiment } from '../../../src/model/presets.ts';
import { optimizerSchema, scheduleSchema } from '../../../src/model/recipe.ts';

const DOC = new URL('../../../docs/formats.md', import.meta.url);
const [RECIPE] = presetExperiment('smoke').recipes;
const KINDS = Object.entries({ corpus: corpusSchema, optimizer: optimizerSchema, schedule: scheduleSchema }).map(
  ([group, { words }]) => ({ group, kinds: Object.keys(words) }),
);
const quoted = (word: unknown) => `\`"${String(word)}"\``;

/** [setting, kinds that have it where not all do, what is allowed, default], as the docs print them. */
function rows(): string[][] {
  const plain = optionsOf(RECIPE).filter(({ path }) => !KINDS.some(({ group }) => path.startsWith(`${group}.`)));
  const ofKinds = KINDS.flatMap(({ group, kinds }) => {
    const settings = kinds.flatMap((kind) =>
      optionsOf({ ...RECIPE, [group]: { kind } })
        .filter(({ path }) => path.startsWith(`${group}.`))
        .map((option) => ({ kind, key: rowOf(option, '').join(), option })),
    );
    return [...new Set(settings.map(({ key }) => key))].map((key) => {
      const alike = settings.filter((one) => one.key === key);
      const having = alike.map(({ kind }) => quoted(kind)).join(', ');
      return rowOf(alike[0].option, alike.length < kinds.length ? having : '');
    });
  });
  return [...plain.map((option) => rowOf(option, '')), ...ofKinds];
}

function rowOf({ path, words, allowed, value, default: usual }: Option, having: string): string[] {
  const choices = words ? Object.keys(words).map(quoted).join(', ') : undefined;
  const other = typeof value === 'boolean' ? 'true, false' : Array.isArray(value) ? 'a list of rules' : 'text';
  // The kind that may be left out says so only in its own alternative.
  const fallback = path.endsWith('.kind') || usual === undefined ? '' : JSON.stringify(usual);
  return [`\`${path}\``, having, choices ?? allowed ?? other, fallback];
}

test('the docs have a row of every setting of a recipe, with what is allowed and its default, and no other', () => {
  const text = readFileSync(DOC, 'utf8');
  const [table] = text.slice(text.indexOf('| setting of a recipe')).split('\n\n');
  const written = table
    .split('\n')
    .slice(2)
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()));
  expect(written).toEqual(rows());
});
