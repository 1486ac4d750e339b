/** Writes down what a cohort reports, and makes each run's result of it: also of one that ended early. */
import type { Recipe } from '../model/recipe.ts';
import type { RunResult } from '../model/result.ts';
import type { Run } from '../model/run.ts';
import { countParameters, modelShape } from '../model/shape.ts';
import type { RunOutcome, TrainingReport } from '../model/training.ts';
import type { CorpusFacts } from './protocol.ts';

interface Series {
  trainLoss: (number | null)[];
  evalSteps: number[];
  evalLoss: (number | null)[];
}

export class CohortRecorder {
  private readonly series: Map<string, Series>;

  constructor(
    private readonly recipe: Recipe,
    private readonly runs: readonly Run[],
    private readonly facts: Pick<CorpusFacts, 'vocabulary' | 'textHash'>,
  ) {
    this.series = new Map(runs.map(({ id }) => [id, { trainLoss: [], evalSteps: [], evalLoss: [] }]));
  }

  add(report: TrainingReport): void {
    report.runs.forEach((id, column) => {
      const series = this.series.get(id);
      if (!series) return;
      if (report.kind === 'losses') {
        // A report that starts earlier than what is known repeats steps, e.g. after a lost device.
        series.trainLoss.length = Math.min(series.trainLoss.length, report.firstStep);
        for (let i = column; i < report.losses.length; i += report.runs.length) {
          series.trainLoss.push(finiteOrNull(report.losses[i]));
        }
      } else if (report.step > (series.evalSteps.at(-1) ?? -1)) {
        // After a lost device evaluations come again, as they were.
        series.evalSteps.push(report.step);
        series.evalLoss.push(finiteOrNull(report.losses[column]));
      }
    });
  }

  /** Steps that were reported, averaged over the runs: a cohort that was split trains its parts one after another. */
  get stepsDone(): number {
    let sum = 0;
    for (const { trainLoss } of this.series.values()) sum += trainLoss.length;
    return sum / this.series.size;
  }

  /** @param outcomes of the cohort; null when its training failed. */
  results(outcomes: readonly RunOutcome[] | null): RunResult[] {
    const { recipe, facts } = this;
    return this.runs.map(({ id, width, seed }) => {
      const series = this.series.get(id)!;
      const outcome = outcomes?.find((one) => one.id === id);
      const finalEvalLoss = finiteOrNull(outcome?.finalEvalLoss ?? NaN);
      // A run that ends without a finite loss diverged in its last update.
      const status = outcome?.status === 'done' && finalEvalLoss === null ? 'diverged' : outcome?.status;
      const trained = outcome?.divergedAt ?? series.trainLoss.length;
      return {
        id,
        recipe: recipe.name,
        width,
        seed,
        overrides: {},
        parameters: countParameters(modelShape(recipe, width, facts.vocabulary)),
        status: status ?? (outcomes ? 'cancelled' : 'failed'),
        // Counted from 1: the loss at step t is that of batch t, before its update.
        steps: series.trainLoss.map((_, i) => i + 1),
        ...series,
        finalEvalLoss,
        finalEvalStandardError: finiteOrNull(outcome?.finalEvalStandardError ?? NaN),
        tokens: trained * recipe.batch * recipe.context,
        seconds: outcome?.seconds ?? 0,
        textHash: facts.textHash,
      };
    });
  }
}

const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null);
