/** Where the numbers of a figure come from, in the lines that stand below it: recipe, seeds, adapter, version, seals. */
import { version } from '../../../package.json';
import { COMMIT } from '../../analysis/assemble.ts';
import { corpusSchema } from '../../model/corpora.ts';
import { choiceWords, unusualOptions } from '../../model/options.ts';
import { optimizerSchema, scheduleSchema, type Recipe } from '../../model/recipe.ts';
import { sweepsOf } from '../../model/study.ts';
import type { Losses } from '../state/losses.svelte.ts';
import type { Playground } from '../state/playground.svelte.ts';
import type { Results } from '../state/results.svelte.ts';
import { hasStudy } from '../state/view-words.ts';
import { adapterName, listWords, powerOfTwo, recipeWords } from '../words.ts';

/** To cite what made a figure; the same as CITATION.cff says. */
export const bibtex = (): string =>
  [
    '@software{mup_playground,',
    '  title = {{muP Playground}},',
    '  author = {{The muP Playground contributors}},',
    `  version = {${makerWords(PAGE).replace(/^\S+ \S+ /, '')}},`,
    '}',
    '@article{yao2023research,',
    '  title = {Research without Re-search: Maximal Update Parametrization Yields Accurate Loss Prediction across Scales},',
    '  author = {Yao, Yiqun and Wang, Yequan},',
    '  journal = {arXiv preprint arXiv:2304.06875},',
    '  year = {2023},',
    '}',
  ].join('\n');

const PAGE = { version, commit: COMMIT };
const makerWords = ({ version, commit }: typeof PAGE) =>
  `μP Playground ${version}${/^[0-9a-f]{7}/.test(commit) ? ` (${commit.slice(0, 7)})` : ''}`;

/** Of the view that is open. */
export function provenanceOf({ view, studies, losses }: Playground): string[] {
  if (view === 'losses') return losses ? ofTable(losses) : [];
  return ofResults(studies[hasStudy(view) ? view : 'prediction'].shown);
}

const ofTable = ({ document: { name, sealed } }: Losses): string[] => [
  `${name || 'A table'}, read by ${makerWords(PAGE)}.`,
  ...sealed.map(({ target, sealHash, inputsHash }) => `Sealed, x = ${target}: ${sealHash ?? inputsHash}`),
];

const ORIGINS: Record<Results['origin'], string> = {
  own: '',
  imported: '',
  recorded: ' Recorded example, not measured here.',
  linked: ' From a link, not measured here.',
};

function ofResults(results: Results): string[] {
  const { experiment, adapter, sealed, origin } = results;
  if (!experiment) return [];
  const { recipes, seeds, study } = experiment;
  const [first] = recipes;
  const names = recipes.length > 1 ? `${listWords(recipes.map(({ name }) => recipeWords(name)))}. ` : '';
  const by = adapter ? ` on ${adapterName(adapter)}` : '';
  return [
    `${names}${settingsOf(first, new Set<string>(sweepsOf(study).map(({ parameter }) => parameter)))}; ${
      seeds.length > 1 ? 'seeds' : 'seed'
    } ${seeds.join(', ')}.`,
    `Trained${by} by ${makerWords(results.data()?.app ?? PAGE)}.${ORIGINS[origin]}`,
    ...sealed.map(
      ({ recipe, width, sealHash, inputsHash }) =>
        `Sealed, ${recipeWords(recipe)}, width ${width}: ${sealHash ?? inputsHash}`,
    ),
  ];
}

/** What a reader needs to train the like; what is as usual goes without saying. */
function settingsOf(recipe: Recipe, swept: ReadonlySet<string>): string {
  const { layers, context, corpus, optimizer, schedule, steps, batch } = recipe;
  const rate = swept.has('optimizer.learningRate') ? 'swept rates' : `rate ${powerOfTwo(optimizer.learningRate)}`;
  const unusual = unusualOptions(recipe).filter(({ path }) => path !== 'parametrization' && !/\.kind$/.test(path));
  return [
    ...(swept.has('layers') ? [] : [`${layers} layer${layers === 1 ? '' : 's'}`]),
    `context ${context}`,
    `${choiceWords(corpusSchema.words, corpus.kind).toLowerCase()} corpus`,
    `${choiceWords(optimizerSchema.words, optimizer.kind)}, ${rate}, ${choiceWords(scheduleSchema.words, schedule.kind)}`,
    `${steps} steps of ${batch} sequences`,
    ...unusual.map(({ text }) => text),
  ].join(', ');
}
