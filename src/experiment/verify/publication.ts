/** A text to paste where others see when it was written: what is predicted, by which hash it is bound, and how anyone checks it. */
import { listed } from '../../checks/wording.ts';
import { corpusSchema } from '../../model/corpora.ts';
import { choiceWords, unusualOptions } from '../../model/options.ts';
import { optimizerSchema, parametrization, type Recipe } from '../../model/recipe.ts';
import type { ExperimentResult } from '../../model/result.ts';
import type { LossSeal } from '../../scaling/loss-seal.ts';
import { lossText, percentOf } from './sameness.ts';
import { hashOfSeal } from './seal-statements.ts';
import { sealTitle } from './verify.ts';
import { tableSealTitle } from './verify-table.ts';

/** The page or the command line that says it. */
type App = ExperimentResult['app'];

/** @param result with one seal at least. */
export function publicationOf(
  { experiment, sealed }: Pick<ExperimentResult, 'experiment' | 'sealed'>,
  app: App,
): string {
  const recipes = experiment.recipes.filter(({ name }) => sealed.some(({ recipe }) => recipe === name));
  const made = recipes.map((recipe) => {
    const { points = [] } = sealed.find((one) => one.recipe === recipe.name)!;
    const from = points.length > 0 ? `; from widths ${listed(points.map(({ x }) => String(x)))}` : '';
    return `${recipe.name}: ${recipeText(recipe)}${from}`;
  });
  const seals = sealed.map((seal) => ({ ...seal, title: sealTitle(seal) }));
  return textOf(seals, made, app, 'result.json');
}

/** The same of the seals of a table. @param name of the table */
export const tablePublicationOf = (sealed: readonly LossSeal[], name: string, app: App): string =>
  textOf(
    sealed.map((seal) => ({ ...seal, title: tableSealTitle(seal) })),
    [`Predicted from the losses of a table${name ? `, ${name}` : ''}`],
    app,
    'fit.json',
  );

interface Published {
  title: string;
  loss: number;
  lo: number;
  hi: number;
  level: number;
  sealedAt: string;
  inputsHash: string;
  sealHash?: string;
  actual: number | null;
  verdict: string | null;
}

function textOf(seals: readonly Published[], made: readonly string[], { version, commit }: App, file: string): string {
  const code = commit === 'unknown' ? '' : `, commit ${commit}`;
  const hashes = seals.map((seal) => `--hash ${hashOfSeal(seal)}`);
  const isOne = seals.length === 1;
  return [
    `${isOne ? 'Sealed prediction' : `${seals.length} sealed predictions`}, muP Playground ${version}${code}`,
    '',
    ...seals.flatMap((seal) => [
      `${seal.title}: loss ${lossText(seal.loss)} nats per token, ${percentOf(seal.level)} % interval ${lossText(seal.lo)} to ${lossText(seal.hi)}${measuredText(seal)}`,
      `  sealed ${seal.sealedAt}, SHA-256 ${hashOfSeal(seal)}`,
    ]),
    '',
    ...made,
    '',
    `A hash is that of the canonical JSON (RFC 8785) of the entry under "sealed" in ${file}, without what was measured later.`,
    `To check: npm run verify -- ${file} ${hashes.join(' ')}`,
    'or with any library of RFC 8785, as docs/formats.md says.',
    '',
  ].join('\n');
}

/** What was known already when this was published is no prediction any more. */
const measuredText = ({ actual, verdict }: Published): string =>
  actual === null ? '' : `; measured by now: ${lossText(actual)}, ${verdict}`;

function recipeText(recipe: Recipe): string {
  const { layers, headSize, baseWidth, context, corpus, batch, steps, optimizer } = recipe;
  return [
    choiceWords(parametrization.words, recipe.parametrization),
    `${layers} layer${layers === 1 ? '' : 's'}`,
    `heads of ${headSize}`,
    `base width ${baseWidth}`,
    `context ${context}`,
    `corpus ${choiceWords(corpusSchema.words, corpus.kind)}`,
    `${choiceWords(optimizerSchema.words, optimizer.kind)} at ${optimizer.learningRate}`,
    `${steps} steps of ${batch} sequences`,
    ...unusualOptions(recipe).map(({ text }) => text),
  ].join(', ');
}
