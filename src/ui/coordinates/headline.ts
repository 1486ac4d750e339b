/** What the coordinate check says, in words: which recipes keep their activations' size, and where others do not. */
import type { CoordinateCheck } from '../../model/check-results.ts';
import type { Experiment } from '../../model/experiment.ts';
import type { Finding } from '../frame/finding.ts';
import { ROLE_WORDS } from '../recipe/roles.ts';
import { capital, countOf, listWords, rangeOf, recipeWords } from '../words.ts';
import { moduleTitle } from './modules.ts';

export function coordinatesHeadline(
  { recipes, ladder, seeds }: Experiment,
  checks: readonly CoordinateCheck[],
  isBusy: boolean,
): Finding {
  const found = checks.filter(({ widths }) => widths.length >= 2);
  const names = listWords(recipes.map(({ name }) => recipeWords(name)));
  if (found.length === 0) {
    return {
      title: 'Do activations keep their size as the model gets wider?',
      sub: isBusy
        ? `Measuring ${names} at widths ${rangeOf(ladder.rungs)}, a few steps on one batch.`
        : `A few steps on one batch, at ${countOf(ladder.rungs.length, 'width')} under ${names}. Train, and see which modules grow.`,
    };
  }
  const clauses = found.map((check) => clauseOf(check, isBlamed({ recipes }, check)));
  const { widths, steps, tolerance } = found[0];
  return {
    title: `${capital(clauses.join('; '))}.`,
    sub: `Slope of log mean |activation| on log width, widths ${rangeOf(widths)}, ${steps.length - 1} updates, ${countOf(seeds.length, 'seed')}; a module is judged by its mean from step 3 on, flat within ±${tolerance}.`,
  };
}

/** Whether one module and the rule behind it are blamed: of SP, which has no such rules, only is said what grows. */
export const isBlamed = ({ recipes }: Pick<Experiment, 'recipes'>, { recipe, culprit }: CoordinateCheck): boolean =>
  culprit !== null && recipes.find(({ name }) => name === recipe)?.parametrization !== 'sp';

function clauseOf(check: CoordinateCheck, isBlaming: boolean): string {
  const who = `under ${recipeWords(check.recipe)}`;
  if (check.verdict === 'holds') return `${who} every module keeps its size`;
  if (check.verdict === 'unclear') return `${who} it is not clear whether every module keeps its size`;
  if (isBlaming && check.culprit) {
    const { module: name, role } = check.culprit;
    const verdict = check.modules.find((module) => module.name === name)?.verdict === 'shrinks' ? 'shrink' : 'grow';
    const does = name === 'logits' ? verdict : `${verdict}s`;
    return `${who} ${moduleTitle(name)} ${does}: look at the rule of the ${ROLE_WORDS[role]}`;
  }
  return `${who} ${growingWords(check)}`;
}

/** attention, MLP and logits grow */
function growingWords({ modules }: CoordinateCheck): string {
  const families = (verdict: string) => [
    ...new Set(
      modules
        .filter((module) => module.level === 'module' && module.verdict === verdict)
        .map(({ name }) => moduleTitle(name).split(',')[0]),
    ),
  ];
  const said = (names: string[], one: string, many: string) =>
    names.length === 0 ? [] : [`${listWords(names)} ${names.length === 1 && names[0] !== 'logits' ? one : many}`];
  const phrases = [...said(families('grows'), 'grows', 'grow'), ...said(families('shrinks'), 'shrinks', 'shrink')];
  return phrases.length > 0 ? phrases.join(', ') : 'parts of the modules grow';
}
