/** What the checks of muP say, as it stands in `result.json`: of a transfer sweep, a coordinate check and a basin. */
import * as v from 'valibot';
import { number } from './fields.ts';
import { TENSOR_ROLES } from './recipe.ts';
import { SWEEPABLE, type Sweepable } from './study.ts';

const maybe = v.nullable(number);
const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** One swept value at one width: the mean over the seeds that were done. */
const sweepPointSchema = v.strictObject({
  value: number,
  /** Null where no seed was done. */
  loss: maybe,
  /** Of the mean; null for fewer than two seeds. */
  standardError: maybe,
  /** Ids of the runs whose mean it is. */
  runs: v.array(v.string()),
  diverged: count,
});

const minimumSchema = v.strictObject({
  /** Vertex of the local parabola in log2(value); the grid's best value where there is no parabola. */
  value: number,
  /** 80 % interval from seeds; null where seeds or neighbours are too few to tell. */
  lo: maybe,
  hi: maybe,
  /** Loss at the grid's best value. */
  loss: number,
  /** The grid's best value. */
  grid: number,
  /** At an end of the grid, or beside values that diverged, the best value is only known from one side. */
  status: v.picklist(['inside', 'lower-end', 'upper-end', 'beside-divergence']),
});

const shiftSchema = v.strictObject({
  /** Change of log2(best value) for each doubling of the width (or of the layers). */
  perDoubling: number,
  /** 80 % interval; null where seeds and widths are too few to tell. */
  lo: maybe,
  hi: maybe,
  /** log2 of the grid's best value at the largest width over that at the smallest. */
  gridTotal: number,
});

/** Wider against narrower at one swept value, in windows of steps on the same batches. */
const widerSchema = v.strictObject({
  /** The swept value at which it was looked at: the best one of the smallest width. */
  value: number,
  /** Pairs of neighbouring widths x windows of steps. */
  comparisons: count,
  /** Comparisons in which the wider model's loss was higher by more than the noise of the difference. */
  worse: count,
  /** Largest excess of a wider model, in nats; 0 or below where none was worse. */
  largest: number,
  /** What was allowed for as noise: two standard errors of a difference, in nats. */
  noise: number,
  sentence: v.string(),
});

const transferEntries = {
  recipe: v.string(),
  shift: v.nullable(shiftSchema),
  verdict: v.picklist(['transfers', 'falls', 'rises', 'unclear']),
  sentence: v.string(),
};

const curveOver = <Size extends v.GenericSchema<number>>(at: Size) =>
  v.array(v.strictObject({ at, points: v.array(sweepPointSchema), minimum: v.nullable(minimumSchema) }));

export const transferSchema = v.strictObject({
  ...transferEntries,
  parameter: v.picklist(SWEEPABLE),
  over: v.picklist(['width', 'layers']),
  curves: curveOver(count),
  wider: v.nullable(widerSchema),
});

/** The same of a table, whose columns have names of their own. */
export const tableTransferSchema = v.strictObject({
  ...transferEntries,
  parameter: v.string(),
  over: v.string(),
  curves: curveOver(number),
});

const moduleSchema = v.strictObject({
  name: v.string(),
  level: v.picklist(['module', 'part']),
  role: v.picklist(TENSOR_ROLES),
  /** Mean |activation| over seeds, [step][width]; null where a run had diverged. */
  values: v.array(v.array(maybe)),
  /** Slope of log(mean |x|) on log(width) at each step; null where an activation is zero or missing. */
  slopes: v.array(maybe),
  /** Standard errors of the slopes, from seeds; null for fewer than two. */
  slopeErrors: v.array(maybe),
  /** Unclear: neither surely flat nor surely not, with this noise and these steps. Silent: nothing to judge. */
  verdict: v.picklist(['flat', 'grows', 'shrinks', 'unclear', 'silent']),
});

export const coordinatesSchema = v.strictObject({
  recipe: v.string(),
  widths: v.array(count),
  /** Updates made before each measurement: 0 is before any. */
  steps: v.array(count),
  /** Largest |slope| that counts as flat. */
  tolerance: number,
  modules: v.array(moduleSchema),
  /** Unclear where a module is, where a run diverged, and before two widths were measured. */
  verdict: v.picklist(['holds', 'broken', 'unclear']),
  /** The first module of the forward pass that is not flat, and the tensors whose rule is to blame. */
  culprit: v.nullable(v.strictObject({ module: v.string(), role: v.picklist(TENSOR_ROLES), step: count })),
  sentence: v.string(),
});

/** The same of a table: modules by its own names, of which nothing else is known. */
export const tableCoordinatesSchema = v.strictObject({
  series: v.string(),
  widths: v.array(number),
  steps: v.array(number),
  tolerance: number,
  modules: v.array(
    v.strictObject({
      name: v.string(),
      values: v.array(v.array(maybe)),
      slopes: v.array(maybe),
      slopeErrors: v.array(maybe),
      verdict: v.picklist(['flat', 'grows', 'shrinks', 'unclear', 'silent']),
    }),
  ),
  verdict: v.picklist(['holds', 'broken', 'unclear']),
  culprit: v.nullable(v.strictObject({ module: v.string(), step: number })),
  sentence: v.string(),
});

/** Training curves of several sizes brought to one scale: less the floor, over their reducible part at the end. */
export const tableCollapseSchema = v.strictObject({
  series: v.string(),
  /** The floor of the width law through the last losses, with its 80 % interval; null where there is none below them. */
  floor: v.nullable(v.strictObject({ value: number, interval: v.tuple([number, number]) })),
  /** Shares of the training done, ascending to 1. */
  shares: v.array(number),
  /** At each share the mean over the seeds of a size. */
  curves: v.array(v.strictObject({ size: number, losses: v.array(number) })),
  /** Relative deviation between sizes, from a quarter of the training on. */
  deviation: maybe,
  /** What seeds alone would make of it; null with one seed of each size. */
  noise: maybe,
  verdict: v.picklist(['collapses', 'apart', 'unclear']),
  sentence: v.string(),
});

const cell = v.tuple([count, count]);

const basinEntries = {
  recipe: v.string(),
  values: v.tuple([v.array(number), v.array(number)]),
  margin: number,
  maps: v.array(
    v.strictObject({
      width: number,
      /** Mean over seeds, [first parameter][second parameter]; null where it diverged or was not trained. */
      losses: v.array(v.array(maybe)),
      diverged: v.array(v.array(v.boolean())),
      minimum: v.nullable(v.strictObject({ cell, loss: number })),
      /** Cells within the margin of the width's best. */
      basin: v.array(cell),
    }),
  ),
  /** Cells in every width's basin. */
  common: v.array(cell),
  /** Cells in every width's basin over cells in any width's: 1 where all widths agree. */
  share: number,
  /** The common cell whose worst excess over the widths' best is least: what to train other widths with. */
  best: v.nullable(cell),
  sentence: v.string(),
};

export const basinSchema = v.strictObject({
  ...basinEntries,
  parameters: v.tuple([v.picklist(SWEEPABLE), v.picklist(SWEEPABLE)]),
});

/** The same of a table, whose columns have names of their own. */
export const tableBasinSchema = v.strictObject({ ...basinEntries, parameters: v.tuple([v.string(), v.string()]) });

export type SweepPoint = v.InferOutput<typeof sweepPointSchema>;
export type SweepMinimum = v.InferOutput<typeof minimumSchema>;
export type Shift = v.InferOutput<typeof shiftSchema>;
export type TransferCheck<Parameter extends string = Sweepable, Over extends string = 'width' | 'layers'> = Omit<
  v.InferOutput<typeof transferSchema>,
  'parameter' | 'over'
> & { parameter: Parameter; over: Over };
export type TableTransfer = v.InferOutput<typeof tableTransferSchema>;
export type CoordinateCheck = v.InferOutput<typeof coordinatesSchema>;
export type TableCollapse = v.InferOutput<typeof tableCollapseSchema>;
export type TableCoordinates = v.InferOutput<typeof tableCoordinatesSchema>;
export type ModuleCheck = CoordinateCheck['modules'][number];
export type BasinCheck<Parameter extends string = Sweepable> = Omit<v.InferOutput<typeof basinSchema>, 'parameters'> & {
  parameters: [Parameter, Parameter];
};
export type TableBasin = v.InferOutput<typeof tableBasinSchema>;

/** The checks of an experiment, one entry a recipe; empty lists for what its study does not ask. */
export interface Checks {
  transfer: TransferCheck[];
  coordinates: CoordinateCheck[];
  basin: BasinCheck[];
}
