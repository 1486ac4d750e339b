/** Writes down what a cohort reports, and makes each run's result of it: also of one that ended early. */
import { divergenceStep } from '../model/divergence.ts';
import { tableVersion } from '../model/parametrization.ts';
import { ImpossibleLoss, isImpossible } from '../model/impossible-loss.ts';
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
  /** Losses that were reported, over all runs. */
  private losses = 0;
  /** The first loss that cannot be: what follows it, on the same device, is not believed. */
  private impossible: ImpossibleLoss | null = null;

  /** @param facts of the corpus that all runs of the cohort share. */
  constructor(
    private readonly runs: readonly Run[],
    private readonly facts: Pick<CorpusFacts, 'vocabulary' | 'textHash' | 'bytesPerToken'>,
  ) {
    this.series = new Map(runs.map(({ id }) => [id, { trainLoss: [], evalSteps: [], evalLoss: [] }]));
  }

  /** @returns false for a report that is not believed. */
  add(report: TrainingReport): boolean {
    this.doubt(report);
    if (this.impossible) return false;
    report.runs.forEach((id, column) => {
      const series = this.series.get(id);
      if (!series) return;
      if (report.kind === 'losses') {
        const before = series.trainLoss.length;
        // A report that starts earlier than what is known repeats steps, e.g. after a lost device.
        series.trainLoss.length = Math.min(before, report.firstStep);
        for (let i = column; i < report.losses.length; i += report.runs.length) {
          series.trainLoss.push(finiteOrNull(report.losses[i]));
        }
        this.losses += series.trainLoss.length - before;
      } else if (report.step > (series.evalSteps.at(-1) ?? -1)) {
        // After a lost device evaluations come again, as they were.
        series.evalSteps.push(report.step);
        series.evalLoss.push(finiteOrNull(report.losses[column]));
      }
    });
    return true;
  }

  /** @throws ImpossibleLoss where one was reported or is the outcome: then none of the cohort's runs is done. */
  assertPossible(outcomes: readonly RunOutcome[]): void {
    if (this.impossible) throw this.impossible;
    for (const { id, finalEvalLoss } of outcomes) {
      if (isImpossible(finalEvalLoss ?? NaN)) throw new ImpossibleLoss(`The final loss of ${id}`, finalEvalLoss!);
    }
  }

  private doubt({ runs, losses, ...report }: TrainingReport): void {
    const at = losses.findIndex(isImpossible);
    if (at < 0) return;
    const id = runs[at % runs.length];
    const whose =
      report.kind === 'losses'
        ? `The loss of ${id} at step ${report.firstStep + Math.floor(at / runs.length) + 1}`
        : `The evaluation of ${id} after step ${report.step}`;
    this.impossible ??= new ImpossibleLoss(whose, losses[at]);
  }

  records(id: string): boolean {
    return this.series.has(id);
  }

  /** Runs with steps that were not reported yet. */
  get running(): number {
    const { steps } = this.runs[0].recipe;
    return [...this.series.values()].filter(({ trainLoss }) => trainLoss.length < steps).length;
  }

  /** Steps that were reported, averaged over the runs: a cohort that was split trains its parts one after another. */
  get stepsDone(): number {
    return this.losses / this.runs.length;
  }

  /** @param outcomes of the cohort; a run without one was cancelled. Null when training failed. */
  results(outcomes: readonly RunOutcome[] | null): RunResult[] {
    const { textHash, vocabulary, bytesPerToken } = this.facts;
    const byId = new Map(outcomes?.map((outcome) => [outcome.id, outcome]));
    return this.runs.map(({ id, recipe, width, seed, overrides }) => {
      const series = this.series.get(id)!;
      const outcome = byId.get(id);
      const { status, divergedAt } = endOf(outcome, series, vocabulary);
      const table = tableVersion(recipe);
      const trained = outcome?.divergedAt ?? series.trainLoss.length;
      return {
        ...{ id, recipe: recipe.name, width, seed, overrides },
        parameters: countParameters(modelShape(recipe, width, vocabulary)),
        status: status ?? (outcomes ? 'cancelled' : 'failed'),
        divergedAt,
        // Counted from 1: the loss at step t is that of batch t, before its update.
        steps: series.trainLoss.map((_, i) => i + 1),
        ...series,
        finalEvalLoss: finiteOrNull(outcome?.finalEvalLoss ?? NaN),
        finalEvalStandardError: finiteOrNull(outcome?.finalEvalStandardError ?? NaN),
        tokens: trained * recipe.batch * recipe.context,
        seconds: outcome?.seconds ?? 0,
        ...(outcome?.activations ? { activations: finiteActivations(outcome.activations) } : {}),
        ...(table === undefined ? {} : { table }),
        textHash,
        ...(bytesPerToken ? { bytesPerToken } : {}),
      };
    });
  }
}

interface End {
  /** Undefined for a run without an outcome. */
  status: RunOutcome['status'] | undefined;
  divergedAt: number | null;
}

function endOf(outcome: RunOutcome | undefined, { trainLoss }: Series, vocabulary: number): End {
  if (outcome?.status !== 'done') return { status: outcome?.status, divergedAt: outcome?.divergedAt ?? null };
  const loss = finiteOrNull(outcome.finalEvalLoss ?? NaN);
  // A run that ends without a finite loss diverged in its last update.
  if (loss === null) return { status: 'diverged', divergedAt: trainLoss.length };
  // A probed run learns one batch by heart: its loss on others says nothing.
  const divergedAt = outcome.activations ? null : divergenceStep(trainLoss, loss, vocabulary);
  return { status: divergedAt === null ? 'done' : 'diverged', divergedAt };
}

const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

const finiteActivations = ({ modules, values }: NonNullable<RunOutcome['activations']>) => ({
  modules,
  values: values.map((row) => row.map(finiteOrNull)),
});
