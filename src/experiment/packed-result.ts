/**
 * A result short enough for a link: what follows from the experiment, from the runs or from the code is left out and made anew where
 * it is opened. Losses and seals are exact, so that a seal can be checked there; curves are thinned, seconds and activations rounded,
 * and findings are left out, for they are found again.
 */
import * as v from 'valibot';
import { fittedPoints } from '../analysis/rung-points.ts';
import { escapedJson } from '../model/canonical-json.ts';
import { parseExperiment, type Experiment } from '../model/experiment.ts';
import { tableVersion } from '../model/parametrization.ts';
import { InputError, parseWith } from '../model/parse.ts';
import {
  isOver,
  parseResult,
  RESULT_SCHEMA,
  type ExperimentResult,
  type RunResult,
  type SealedPrediction,
} from '../model/result.ts';
import type { Run } from '../model/run.ts';
import { countParameters, modelShape } from '../model/shape.ts';
import { cohortsOf } from './cohorts.ts';
import {
  packCurve,
  packGhost,
  thinnedCurve,
  thinnedGhost,
  unpackCurve,
  unpackGhost,
  type Walk,
} from './packed-curves.ts';
import { checkSeals, hashOf, inputsHashOf, SEALED_LEVEL, withVerdicts } from './seal.ts';

const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const maybe = v.nullable(v.number());
const walk = v.array(maybe);
const packedSchema = v.strictObject({
  /** Whose result it is, as in `result.json`. */
  head: v.record(v.string(), v.unknown()),
  /** Without what has its default. */
  experiment: v.unknown(),
  /** The beginning of the experiment's hash: a version with other defaults would read another one, and notices. */
  hash: v.string(),
  /** Places in the plan of the runs that are there; absent where all are. */
  there: v.optional(v.array(whole)),
  /** Whether every loss is a float32, and written with as many digits as that needs. */
  single: v.boolean(),
  losses: v.array(maybe),
  errors: v.array(maybe),
  seconds: v.array(v.number()),
  /** What is other than usual, by field and place of the run; an empty list where the field is absent. */
  other: v.optional(v.record(v.string(), v.record(v.string(), v.pipe(v.array(v.unknown()), v.maxLength(1))))),
  curves: v.optional(v.array(v.strictTuple([walk, walk]))),
  sealed: v.optional(
    v.array(
      v.strictObject({
        recipe: v.string(),
        width: whole,
        /** Fields that are other than what follows from the rest. */
        own: v.record(v.string(), v.unknown()),
        /** Fields that are absent, as of seals of earlier versions. */
        absent: v.optional(v.array(v.string())),
        ghost: v.optional(v.array(walk)),
      }),
    ),
  ),
});
type Packed = v.InferOutput<typeof packedSchema>;

/** Characters of the experiment's hash that travel. */
const HASH = 12;
/** Digits of what is rounded. */
const DIGITS = { seconds: 3, activations: 4 };

/**
 * The result as a link says it.
 * @param points of each training curve, at least 2; 0 for no curves.
 */
export function asLinked(result: ExperimentResult, points: number): ExperimentResult {
  const { schema, id, created, app, adapter, unfinished, experiment } = result;
  const byId = new Map(result.runs.filter(isOver).map((run) => [run.id, run]));
  const runs = planOf(experiment).flatMap((planned): RunResult[] => {
    const run = byId.get(planned.id);
    if (!run) return [];
    const { activations } = run;
    const values = activations?.values.map((row) =>
      row.map((one) => (one === null ? null : rounded(one, DIGITS.activations))),
    );
    return [
      {
        ...run,
        ...thinnedCurve(run, points),
        seconds: rounded(run.seconds, DIGITS.seconds),
        ...(values ? { activations: { ...activations!, values } } : {}),
      },
    ];
  });
  const sealed = withVerdicts(result).map(({ curve, ...seal }): SealedPrediction => {
    // Without its curve a seal of an earlier version could not be checked.
    if (!curve || seal.curveHash === undefined) return curve ? { ...seal, curve } : seal;
    return points === 0 ? seal : { ...seal, curve: thinnedGhost(curve, points) };
  });
  return {
    ...{ schema, id, created, app, adapter, source: 'link' },
    ...(unfinished ? { unfinished } : {}),
    ...{ experiment, runs, fits: [], sealed },
  };
}

/**
 * Plain JSON from which `unpackResult` makes the same again.
 * @param linked as `asLinked` makes it
 * @throws InputError where so little cannot say all of it, as of results of old versions
 */
export function packResult(linked: ExperimentResult): unknown {
  const { id, created, app, adapter, unfinished, experiment, runs, sealed } = linked;
  const plan = planOf(experiment);
  const places = runs.map((run) => plan.findIndex((one) => one.id === run.id));
  const single = runs
    .flatMap((run) => [run.finalEvalLoss, run.finalEvalStandardError])
    .every((loss) => loss === null || Math.fround(loss) === loss);
  const written = (loss: number | null) => (single && loss !== null ? shortest(loss) : loss);
  const other: Record<string, Record<string, unknown[]>> = {};
  for (const [i, run] of runs.entries()) {
    const usual = usualOf(plan[places[i]!]!, run.finalEvalLoss);
    for (const field of Object.keys(usual) as (keyof typeof usual)[]) {
      if (isSame(run[field], usual[field])) continue;
      (other[field] ??= {})[i] = run[field] === undefined ? [] : [run[field]];
    }
  }
  const packed: Packed = {
    head: { id, created, app, adapter, unfinished },
    experiment: withoutDefaults(experiment),
    hash: hashOf(experiment).slice(0, HASH),
    ...(runs.length === plan.length ? {} : { there: places }),
    single,
    losses: runs.map((run) => written(run.finalEvalLoss)),
    errors: runs.map((run) => written(run.finalEvalStandardError)),
    seconds: runs.map((run) => run.seconds),
    ...(Object.keys(other).length > 0 ? { other } : {}),
    ...(runs.some(({ steps }) => steps.length > 0) ? { curves: runs.map(packCurve) } : {}),
    ...(sealed.length > 0 ? { sealed: sealed.map((seal) => packedSeal(seal, linked)) } : {}),
  };
  const value: unknown = JSON.parse(JSON.stringify(packed));
  if (!isSame(remade(value), linked))
    throw new InputError('result', 'This result holds more than a link can say; hand on its result.json.');
  return value;
}

/**
 * The result that a link says, its seals checked.
 * @throws InputError where it is none, or a seal is not that of what stands beside it
 */
export function unpackResult(value: unknown): ExperimentResult {
  try {
    const result = remade(value);
    checkSeals(result);
    return result;
  } catch (error) {
    if (error instanceof InputError) throw error;
    // A seal whose parts are of other kinds than any is: nothing can be made of it, and nothing was.
    throw new InputError('sealed', 'what it says of its runs and seals fits no result.');
  }
}

function remade(value: unknown): ExperimentResult {
  const { head, hash, single, other = {}, curves, sealed = [], ...packed } = parseWith(packedSchema, value, 'result');
  const experiment = parseExperiment(packed.experiment);
  if (hashOf(experiment).slice(0, HASH) !== hash) {
    throw new InputError(
      'experiment',
      'its experiment is read otherwise by this version of the page than by the one that made it.',
    );
  }
  const plan = planOf(experiment);
  const places = packed.there ?? [...plan.keys()];
  const { losses, errors, seconds } = packed;
  if ([losses, errors, seconds, curves ?? losses].some(({ length }) => length !== places.length))
    throw new InputError('losses', `it has ${losses.length} losses of ${places.length} runs.`);
  const read = (loss: number | null) => (single && loss !== null ? Math.fround(loss) : loss);
  const runs = places.map((place, i): RunResult => {
    const run = plan[place];
    if (!run) throw new InputError('there', `it names run ${place} of ${plan.length}.`);
    const { id, recipe, width, seed, overrides } = run;
    const finalEvalLoss = read(losses[i]!);
    const own = Object.entries(other).flatMap(([field, at]) => (at[i] ? [[field, at[i][0]] as const] : []));
    return {
      ...{ id, recipe: recipe.name, width, seed, overrides },
      ...usualOf(run, finalEvalLoss),
      ...Object.fromEntries(own),
      ...unpackCurve(curves?.[i] ?? [[], []]),
      ...{ finalEvalLoss, finalEvalStandardError: read(errors[i]!), seconds: seconds[i]! },
    } as RunResult;
  });
  const measured = { experiment, runs };
  const seals = sealed.map(({ recipe, width, own, absent = [], ghost }) => {
    const seal = {
      ...impliedOf({ ...own, recipe, width } as Told, measured),
      ...own,
      ...(ghost ? { curve: unpackGhost(ghost as Walk[]) } : {}),
    };
    return Object.fromEntries(Object.entries(seal).filter(([field]) => !absent.includes(field)));
  });
  return parseResult({ ...head, schema: RESULT_SCHEMA, source: 'link', ...measured, fits: [], sealed: seals });
}

/** What a run that came to its end is like, but for its losses. */
function usualOf({ recipe, width }: Run, finalEvalLoss: number | null) {
  const { corpus, steps, batch, context } = recipe;
  const parameters =
    'vocabulary' in corpus
      ? countParameters(modelShape(recipe, width, corpus.vocabulary))
      : { total: 0, nonEmbedding: 0 };
  return {
    status: 'done',
    divergedAt: null,
    parameters,
    evalSteps: [steps],
    evalLoss: [finalEvalLoss],
    tokens: steps * batch * context,
    textHash: null,
    table: tableVersion(recipe),
    bytesPerToken: undefined,
    activations: undefined,
  } satisfies Partial<Record<keyof RunResult, unknown>>;
}

/** A seal as far as it is told. */
type Told = Partial<SealedPrediction> & Pick<SealedPrediction, 'recipe' | 'width'>;

/** What follows of a seal from its recipe and from the runs. */
function impliedOf(seal: Told, { experiment, runs }: Pick<ExperimentResult, 'experiment' | 'runs'>) {
  const recipe = experiment.recipes.find(({ name }) => name === seal.recipe);
  if (!recipe) throw new InputError('sealed', `it has a seal of "${seal.recipe}", and no such recipe.`);
  const points = seal.points ?? fittedPoints(recipe, experiment, runs);
  const textHash = seal.textHash ?? runs.find((run) => run.recipe === seal.recipe)?.textHash ?? null;
  const usual = { level: SEALED_LEVEL, actual: null, verdict: null };
  const whole = { ...usual, ...seal, points, textHash } as SealedPrediction & { points: typeof points };
  const [{ actual, verdict }] = withVerdicts({ experiment, runs, sealed: [whole] }) as [SealedPrediction];
  const inputsHash = inputsHashOf(recipe, whole);
  return {
    ...{ recipe: seal.recipe, width: seal.width, level: SEALED_LEVEL },
    points,
    textHash,
    inputsHash,
    actual,
    verdict,
  };
}

/** What follows from all else, and each from those before it. */
const IMPLIED = ['points', 'textHash', 'inputsHash', 'actual', 'verdict'];

function packedSeal(
  seal: SealedPrediction,
  { experiment, runs }: ExperimentResult,
): NonNullable<Packed['sealed']>[number] {
  const { recipe, width, curve, ...rest } = seal;
  const ghost = curve?.thinned ? packGhost(curve) : undefined;
  const all: Record<string, unknown> = { ...rest, ...(curve && !ghost ? { curve } : {}) };
  const order = [...Object.keys(all).filter((field) => !IMPLIED.includes(field)), ...IMPLIED];
  const own: Record<string, unknown> = {};
  for (;;) {
    const told = { ...own, recipe, width } as Told;
    const implied: Record<string, unknown> = impliedOf(told, { experiment, runs });
    const missing = order.find((field) => field in all && !(field in own) && !isSame(all[field], implied[field]));
    if (missing === undefined) {
      const absent = Object.keys(implied).filter((field) => !(field in all) && field !== 'recipe' && field !== 'width');
      return { recipe, width, own, ...(absent.length > 0 ? { absent } : {}), ...(ghost ? { ghost } : {}) };
    }
    own[missing] = all[missing];
  }
}

const planOf = (experiment: Experiment): Run[] => {
  const { rungs, targets } = cohortsOf(experiment);
  return [...rungs, ...targets].flat();
};

const isSame = (one: unknown, other: unknown): boolean => escapedJson(one) === escapedJson(other);
const rounded = (value: number, digits: number): number => Number(value.toPrecision(digits));

/** The fewest digits that are the same float32. */
function shortest(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const few = Number(value.toPrecision(digits));
    if (Math.fround(few) === value) return few;
  }
  return Number(value.toPrecision(9));
}

/** The experiment without every entry that comes back by itself. */
function withoutDefaults(experiment: Experiment): unknown {
  const whole = escapedJson(experiment);
  const least: unknown = structuredClone(experiment);
  const isImplied = (): boolean => {
    try {
      return escapedJson(parseExperiment(least)) === whole;
    } catch {
      return false;
    }
  };
  const prune = (group: unknown): void => {
    if (typeof group !== 'object' || group === null) return;
    for (const [key, value] of Object.entries(group)) {
      if (!Array.isArray(group)) {
        delete (group as Record<string, unknown>)[key];
        if (isImplied()) continue;
        (group as Record<string, unknown>)[key] = value;
      }
      prune(value);
    }
  };
  prune(least);
  return least;
}
