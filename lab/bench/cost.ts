/** Section "cost": the time of a step against each size alone, beside the operations that it takes. */
import { modelShape, trainingFlops } from '../../src/model/shape.ts';
import type { Cohort } from '../../src/model/training.ts';
import type { CostAxis, CostAxisName, CostFigures, CostRow } from './figures.ts';
import { gptCohort, gptOfWidth, gptRecipe, type GptSize } from './gpt.ts';
import type { BenchGpu, SectionOptions } from './section.ts';
import { logLogSlope } from './slope.ts';
import { spreadOf } from './spread.ts';
import { ENDLESS, timeInRounds, type TrainingTime } from './training-time.ts';

const BASE_WIDTH = 64;
interface Extent {
  sizes: Record<CostAxisName, number[]>;
  rounds: number;
  milliseconds: number;
}

const FULL: Extent = {
  sizes: {
    width: [16, 32, 64, 128, 256, 512],
    context: [16, 32, 64, 128, 256],
    layers: [1, 2, 4, 8],
    vocabulary: [64, 128, 256, 512],
    batch: [1, 2, 4, 8, 16, 32],
    runs: [1, 2, 4, 8, 16],
  },
  rounds: 3,
  milliseconds: 500,
};
const QUICK: Extent = {
  sizes: { width: [16, 64], context: [16, 64], layers: [1, 2], vocabulary: [64, 256], batch: [2, 8], runs: [1, 4] },
  rounds: 1,
  milliseconds: 150,
};

export async function cost({ engine }: BenchGpu, { quick, tell }: SectionOptions): Promise<CostFigures> {
  const { sizes, rounds, milliseconds } = quick ? QUICK : FULL;
  const axes: CostAxis[] = [];
  for (const [axis, values] of Object.entries(sizes) as [CostAxisName, number[]][]) {
    const times = await timeInRounds(
      engine,
      values.map((value) => () => cohortAt(axis, value)),
      {
        ...{ rounds, budget: { milliseconds, least: 2 } },
        tell: (cell, round) => tell(`cost: ${axis} ${values[cell]}, round ${round} of ${rounds}`),
      },
    );
    const rows = values.map((value, cell) => rowOf(axis, value, times[cell]));
    const slope = logLogSlope(rows.map(({ gigaflop, step }) => [gigaflop, step.median]));
    axes.push({ axis, rows, slope });
  }
  return { axes };
}

function sizeAt(axis: CostAxisName, value: number): { size: GptSize; runs: number } {
  if (axis === 'width') return { size: gptOfWidth(value), runs: 1 };
  if (axis === 'runs') return { size: gptOfWidth(BASE_WIDTH), runs: value };
  return { size: { ...gptOfWidth(BASE_WIDTH), [axis]: value }, runs: 1 };
}

function cohortAt(axis: CostAxisName, value: number): Cohort {
  const { size, runs } = sizeAt(axis, value);
  return gptCohort(size, { steps: ENDLESS, runs });
}

function rowOf(axis: CostAxisName, value: number, { steps, together }: TrainingTime): CostRow {
  const { size, runs } = sizeAt(axis, value);
  if (together !== runs) throw new Error(`a cohort of ${runs} runs was cut into parts of ${together}`);
  const shape = modelShape(gptRecipe(size), size.width, size.vocabulary);
  const gigaflop = (runs * trainingFlops(shape, size.batch * size.context)) / 1e9;
  const step = spreadOf(steps);
  return { value, gigaflop, step, gigaflops: (1000 * gigaflop) / step.median };
}
