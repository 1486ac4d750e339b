/** What can be known of the seals of an experiment's result from the result alone, and what cannot. */
import type { Ask } from '../../analysis/ask.ts';
import { plainPoints } from '../../analysis/rung-points.ts';
import { mean, standardError } from '../../checks/mean.ts';
import { divergedWords } from '../../checks/survivors.ts';
import { listed } from '../../checks/wording.ts';
import { InputError } from '../../model/parse.ts';
import type { Recipe } from '../../model/recipe.ts';
import type { ExperimentResult, RunResult, SealedPrediction } from '../../model/result.ts';
import type { GhostCurve } from '../../model/scaling-results.ts';
import { isPredicted } from '../../model/study.ts';
import { withoutImpossibleLosses } from '../../model/without-impossible-losses.ts';
import { curveOf, hashOf, hasWholeCurve, inputsHashOf, hashSeal, measuredRuns, reveal, verdictOf } from '../seal.ts';
import { apart, digitsWords, farthest, intervalOf, isSame, LAST_BIT, lossText, numbersOf } from './sameness.ts';
import { againstLaw, orderOf, publishedOf, wholeSeal } from './seal-statements.ts';
import { about, fails, holds, unknown, type Said, type Statement } from './statement.ts';

/** What of a result is looked at: what follows from it again need not be there. */
export type Sealed = Pick<ExperimentResult, 'experiment' | 'runs' | 'sealed'> &
  Partial<Pick<ExperimentResult, 'fits' | 'app' | 'source' | 'unfinished'>>;

/**
 * Everything that the seals of a result claim, one statement each: seal by seal, then of the whole file.
 * @param ask makes laws and curves anew from the sealed losses.
 * @param published hashes that were published elsewhere: the seals that have one of them say so.
 */
export async function verify(result: Sealed, ask: Ask, published: readonly string[] = []): Promise<Statement[]> {
  const statements: Statement[] = [];
  for (const seal of result.sealed) statements.push(...(await ofSeal(seal, result, ask, published)));
  return [...statements, ...about(null, [ofAll(result), trainingOf(result)])];
}

/** What a seal is called beside others. */
export const sealTitle = ({ recipe, width }: Pick<SealedPrediction, 'recipe' | 'width'>): string =>
  `${recipe}, width ${width}`;

async function ofSeal(seal: SealedPrediction, result: Sealed, ask: Ask, published: readonly string[]) {
  const recipe = result.experiment.recipes.find(({ name }) => name === seal.recipe);
  const made = [
    inputsOf(seal, recipe, result),
    lossesOf(seal, result),
    textOf(seal, result),
    await predictionOf(seal, recipe, ask),
    await curveStatement(seal, recipe, result, ask),
    shownOf(seal, result),
  ];
  const others = result.sealed.filter((one) => one !== seal).map((one) => ({ name: sealTitle(one), seal: one }));
  return about(sealTitle(seal), [
    wholeSeal(seal, made, others),
    ...made,
    verdictStatement(seal, result),
    publishedOf(seal, published, made),
    orderOf(seal, `width ${seal.width}`),
  ]);
}

/** Recipe, losses, width, level and text by their own hash. */
function inputsOf(seal: SealedPrediction, recipe: Recipe | undefined, { experiment, runs }: Sealed): Said {
  const { inputsHash, points } = seal;
  if (!points) {
    // Seals had points before they had a hash of the whole.
    return seal.sealHash === undefined
      ? unknown('inputs', 'It was sealed by an early version that did not keep the losses it was made from.')
      : fails('inputs', 'The losses that it was made from were taken out of it.');
  }
  if (!recipe) return fails('inputs', `The experiment has no recipe of the name “${seal.recipe}”.`);
  const hashWith = (change: Partial<SealedPrediction>, other = recipe) =>
    inputsHashOf(other, { ...seal, points, ...change });
  if (hashWith({}) === inputsHash) {
    return holds('inputs', 'Recipe, losses, width and level are those that it was made from.');
  }
  const { ladder, recipes } = experiment;
  const otherRecipe = recipes.find((one) => hashWith({}, one) === inputsHash);
  const otherWidth = [...ladder.targets, ...ladder.rungs].find((width) => hashWith({ width }) === inputsHash);
  const measured = points.map((point) => ({ ...point, ...measuredPoint(point.runs, runs) }));
  const texts = [...new Set(runs.map(({ textHash = null }) => textHash))];
  const isHashOf = (change: Partial<SealedPrediction>) => hashWith(change) === inputsHash;
  const what = otherRecipe
    ? `it was made with the settings of “${otherRecipe.name}”`
    : otherWidth !== undefined
      ? `it was made for width ${otherWidth}, not ${seal.width}`
      : isHashOf({ points: measured })
        ? 'the losses were changed in the seal: with those of the runs it would be right'
        : isHashOf({ curve: undefined })
          ? 'a training curve was added that it was made without'
          : isHashOf({ level: 0.8 })
            ? 'the level was changed: it was made for 80 %'
            : texts.some((textHash) => isHashOf({ textHash }))
              ? 'the hash of the text was changed: with that of the runs it would be right'
              : hashSeal(seal) === seal.sealHash
                ? `the seal itself is whole, so the settings of “${recipe.name}” were changed`
                : 'the settings of the recipe, a loss, the width, the curve or the hash of these was changed';
  return fails('inputs', `What it was made from is not what stands here: ${what}.`);
}

/** The point that runs make, as far as all of them are there. */
function measuredPoint(names: readonly string[], runs: readonly RunResult[]) {
  const losses = names.map((name) => runs.find(({ id }) => id === name)?.finalEvalLoss ?? NaN);
  const error = standardError(losses);
  return { loss: mean(losses), ...(error === null ? {} : { standardError: error }) };
}

/** The sealed losses against the runs that they name. */
function lossesOf(seal: SealedPrediction, { runs }: Sealed): Said | null {
  const { points, recipe, width } = seal;
  if (!points) return null;
  const missing: string[] = [];
  for (const { x, loss, standardError: error, runs: names } of points) {
    if (x === width) return fails('losses', `Width ${width} itself is among the losses that it was predicted from.`);
    const there = names.flatMap((name) => runs.find(({ id }) => id === name) ?? []);
    missing.push(...names.filter((name) => !there.some(({ id }) => id === name)));
    if (names.length === 0) return fails('losses', `The loss at width ${x} names no run that it was measured in.`);
    if (new Set(names).size < names.length) return fails('losses', `The loss at width ${x} names a run twice.`);
    if (there.length < names.length) continue;
    const stranger = there.find((run) => run.recipe !== recipe || run.width !== x);
    if (stranger) {
      return fails(
        'losses',
        `The loss at width ${x} is said to be of ${stranger.id}, which is a run of ${sealTitle(stranger)}.`,
      );
    }
    const measured = measuredPoint(names, runs);
    if (farthest([loss], [measured.loss]) > LAST_BIT) {
      const [said, found] = different(loss, measured.loss);
      return fails('losses', `At width ${x} it says a loss of ${said}, and its runs ${found}.`);
    }
    if (farthest([error ?? 0], [measured.standardError ?? 0]) > 1e-9) {
      const [said, found] = different(error ?? 0, measured.standardError ?? 0);
      return fails('losses', `At width ${x} it says a standard error of ${said}, and its runs ${found}.`);
    }
  }
  if (missing.length > 0) {
    const few = missing.slice(0, 3).join(', ');
    const names = missing.length > 3 ? `${few} and ${missing.length - 3} more` : few;
    return unknown('losses', `The runs that it was made from are not all in this file (${names}).`);
  }
  const widths = listed(points.map(({ x }) => String(x)));
  return holds('losses', `The losses that it was made from, at widths ${widths}, are those of the runs in this file.`);
}

const different = (one: number, other: number): [string, string] =>
  lossText(one) === lossText(other) ? [String(one), String(other)] : [lossText(one), lossText(other)];

/** Of a text: the hash in the seal against those of the runs. */
function textOf({ recipe, textHash, points }: SealedPrediction, { runs }: Sealed): Said | null {
  const own = runs.filter((run) => run.recipe === recipe && run.textHash !== undefined);
  const hashes = new Set(own.map((run) => run.textHash!));
  if (!points || textHash === undefined || (textHash === null && hashes.size === 0)) return null;
  const other = [...hashes].find((hash) => hash !== textHash);
  if (other !== undefined) {
    const said = (hash: string | null) => (hash === null ? 'no text' : `the text ${hash}`);
    return fails('text', `It was sealed for ${said(textHash)}, and runs were trained on ${said(other)}.`);
  }
  if (textHash === null) return null;
  if (own.length === 0) return unknown('text', 'The runs of this file do not say which text they were trained on.');
  return holds('text', `All runs were trained on the text it was sealed for, whose SHA-256 is ${textHash}.`);
}

/** The law through the sealed losses, made anew. */
async function predictionOf(seal: SealedPrediction, recipe: Recipe | undefined, ask: Ask): Promise<Said> {
  const { points, width, level } = seal;
  if (!points) return unknown('prediction', 'Without the losses that it was made from no law can be made again.');
  const refused = (why: string) => fails('prediction', `No law goes through the sealed losses: ${why}`);
  try {
    const seedDraws = recipe ? { seedDraws: recipe.seedDraws } : {};
    const inputs = { points: plainPoints(points), targets: [width], grid: [], ...seedDraws };
    const [found] = (await ask({ kind: 'law', inputs })).predictions;
    if (!found) return refused('there are too few, or they rise with the width.');
    const interval = intervalOf(found.intervals, level);
    if (!interval) return unknown('prediction', `This version makes no interval of the level ${level}.`);
    return againstLaw(seal, { loss: found.loss, lo: interval[0], hi: interval[1] });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return refused(error.message);
  }
}

/** The curve that the runs' curves predict, made anew, and the hash of it where that is what was sealed. */
async function curveStatement(
  seal: SealedPrediction,
  recipe: Recipe | undefined,
  { runs, source }: Sealed,
  ask: Ask,
): Promise<Said | null> {
  const { curve, curveHash, points, width } = seal;
  if (curveHash !== undefined && (!curve || curve.thinned)) {
    return source === 'link'
      ? unknown(
          'curve',
          'Of its training curve a link carries little or nothing; what is sealed is the hash of the whole.',
        )
      : fails('curve', 'Of the training curve whose hash was sealed windows were taken out.');
  }
  if (!curve) return null;
  if (curveHash !== undefined && hashOf(curve) !== curveHash) {
    return fails('curve', 'The training curve was changed: it is not the one whose hash was sealed.');
  }
  if (!points || !recipe) return null;
  const rungs = points.map(({ x, runs: names }) => ({
    x,
    curves: runs.filter((run) => names.includes(run.id) && hasWholeCurve(run)).map(curveOf),
  }));
  if (rungs.some(({ curves }, i) => curves.length < points[i]!.runs.length)) {
    return unknown('curve', 'The training curves that its own was made from are not all, or not whole, in this file.');
  }
  const [found] = await ask({ kind: 'ghosts', inputs: { rungs, steps: recipe.steps, targets: [width] } });
  const far = found ? farthest(curveNumbers(curve), curveNumbers(found)) : Infinity;
  return isSame(far)
    ? holds('curve', `Its training curve, predicted anew from those of the runs, is the same ${digitsWords(far)}.`)
    : fails('curve', 'The runs’ training curves predict another one than the seal holds: one of them was changed.');
}

const curveNumbers = ({ steps, loss, lo, hi }: GhostCurve): number[] => [...steps, ...loss, ...lo, ...hi];

/** What the file's own fit says of the target, where it is a fit of the same losses. */
function shownOf(seal: SealedPrediction, { fits = [] }: Sealed): Said | null {
  const fit = fits.find(({ recipe }) => recipe === seal.recipe);
  const shown = fit?.predictions?.find(({ x }) => x === seal.width);
  const interval = shown && intervalOf(shown.intervals, seal.level);
  const losses = (points: readonly { x: number; loss: number }[]) => points.flatMap(({ x, loss }) => [x, loss]);
  if (!fit || !interval || !seal.points || farthest(losses(fit.points), losses(seal.points)) > LAST_BIT) return null;
  const other = { loss: shown.loss, lo: interval[0], hi: interval[1] };
  if (isSame(farthest(numbersOf(seal), numbersOf(other)))) {
    return holds('shown', 'The fit in this file is of the same losses, and predicts the same.');
  }
  const [said, found] = apart(seal, other);
  return fails('shown', `The fit in this file is of the same losses and predicts ${found}, the seal ${said}.`);
}

const WHERE = { inside: 'inside', above: 'above', below: 'below' } as const;
const verdictWords = (verdict: keyof typeof WHERE | null) => (verdict === null ? 'no verdict' : WHERE[verdict]);

/** What was measured, and where it lies. */
function verdictStatement(seal: SealedPrediction, result: Sealed): Said {
  const { recipe, width, lo, hi, actual, verdict } = seal;
  const interval = `the interval ${lossText(lo)} to ${lossText(hi)}`;
  const here = result.runs.filter((run) => run.recipe === recipe && run.width === width);
  const over = measuredRuns(seal, result.experiment, here);
  if (actual === null) {
    if (verdict !== null) return fails('verdict', `It says “${verdict}”, and no loss that was measured.`);
    const found = over && reveal(seal, over);
    if (found?.actual == null) {
      const why = over ? divergedWords(over) : '';
      return unknown('verdict', why ? `Width ${width} is not judged: ${why}.` : `Width ${width} was not measured yet.`);
    }
    const says = `Its runs measured ${lossText(found.actual)}, ${found.verdict} ${interval}`;
    return result.unfinished
      ? holds('verdict', `${says}; the training was ended before that was written.`)
      : fails('verdict', `${says}, and the file leaves that out.`);
  }
  const isRight = verdict === verdictOf(seal, actual);
  if (!isRight) {
    return fails(
      'verdict',
      `The measured loss ${lossText(actual)} lies ${verdictOf(seal, actual)} ${interval}, and the verdict is “${verdictWords(verdict)}”.`,
    );
  }
  const done = here.filter((run) => run.status === 'done' && run.finalEvalLoss !== null);
  if (done.length === 0) {
    return unknown(
      'verdict',
      `The loss ${lossText(actual)} that it names lies ${verdict} ${interval}; the runs that it was measured in are not in this file.`,
    );
  }
  const measured = mean(done.map((run) => run.finalEvalLoss!));
  if (farthest([measured], [actual]) > LAST_BIT) {
    const [said, found] = different(actual, measured);
    return fails('verdict', `It says that ${said} was measured, and the runs of width ${width} say ${found}.`);
  }
  const held = curveVerdict(seal, done);
  if (held && 'claim' in held) return held;
  return holds(
    'verdict',
    `Measured ${lossText(actual)}, ${verdict} ${interval}, as the verdict says${held?.words ?? ''}.`,
  );
}

/** How much of the measured curve lay in the band. */
function curveVerdict(seal: SealedPrediction, done: readonly RunResult[]): Said | { words: string } | null {
  const { curve, curveHeld = null } = seal;
  if (!curve || curve.thinned || !done.every(hasWholeCurve)) return null;
  const found = reveal(seal, done).curveHeld ?? null;
  const windows = (share: number | null) => (share === null ? 'none' : `${Math.round(share * curve.steps.length)}`);
  if (found !== curveHeld) {
    return fails(
      'verdict',
      `It says that ${windows(curveHeld)} of ${curve.steps.length} windows of the training curve lay in the band, and the runs say ${windows(found)}.`,
    );
  }
  if (found === null) return null;
  return { words: `; ${windows(found)} of ${curve.steps.length} windows of the training curve lay in the band` };
}

/** Whether something is left out, or stands there twice. */
function ofAll({ experiment, runs, sealed }: Sealed): Said {
  const twice = <T>(all: readonly T[]) => all.find((one, i) => all.indexOf(one) !== i);
  const run = twice(runs.map(({ id }) => id));
  if (run !== undefined) return fails('whole', `The run ${run} stands there twice.`);
  const seal = twice(sealed.map(sealTitle));
  if (seal !== undefined) return fails('whole', `There are two seals of ${seal}: only one can have come first.`);
  const targets = isPredicted(experiment.study) ? experiment.ladder.targets : [];
  const bare = runs.find(
    (one) =>
      targets.includes(one.width) && !sealed.some(({ recipe, width }) => recipe === one.recipe && width === one.width),
  );
  if (bare) return fails('whole', `${sealTitle(bare)} is a target that was trained, and has no seal.`);
  if (sealed.length === 0) return unknown('whole', 'Nothing is sealed in this file.');
  return holds('whole', 'Every target that was trained has one seal, and no run stands there twice.');
}

function trainingOf(result: Sealed): Said {
  const { doubt } = withoutImpossibleLosses(result);
  if (doubt) return fails('training', doubt);
  const commit = /^[0-9a-f]{7,}/.exec(result.app?.commit ?? '')?.[0];
  const code = commit === undefined ? '' : ` Trained by the code of commit ${commit.slice(0, 12)}, it says.`;
  return unknown(
    'training',
    `No file can tell that training gives these losses; “npm run experiment -- result.json” trains what it holds again.${code}`,
  );
}
