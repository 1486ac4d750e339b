/** A trainer whose losses follow a formula, and experiments small enough for it: for tests of the conductor. */
import { parseExperiment, type Experiment, type ExperimentInput } from '../../../src/model/experiment.ts';
import { InputError } from '../../../src/model/parse.ts';
import { runId } from '../../../src/model/run.ts';
import type { RunOutcome } from '../../../src/model/training.ts';
import { fitReport } from '../../../src/scaling/fit.ts';
import type { CohortRequest, ConductorEvent, FitterService, TrainerService } from '../../../src/workers/protocol.ts';
import { endReports, sendReport } from '../../../src/workers/report-port.ts';

export const lossAt = (width: number, seed = 1): number => 2 + 3 * width ** -0.7 + 1e-3 * Math.sin(31 * width + seed);

export function experimentWith(change: Partial<ExperimentInput> = {}, recipes = ['muP']): Experiment {
  return parseExperiment({
    recipes: recipes.map((name) => ({
      name,
      parametrization: 'mup',
      baseWidth: 8,
      layers: 1,
      headSize: 4,
      context: 8,
      corpus: { kind: 'spectral', vocabulary: 16 },
      batch: 2,
      steps: 4,
      optimizer: { learningRate: 0.01 },
    })),
    ladder: { rungs: [8, 16, 24, 32], targets: [48] },
    ...change,
  });
}

export class FakeTrainer implements TrainerService {
  /** Every call in order: 'prepare muP', 'fits 48', 'train muP 8 [1,2]', 'pause', ... */
  readonly calls: string[] = [];
  /** Widths that this device refuses. */
  refused: number[] = [];
  /** Runs that diverge at step 2, by id. */
  diverging: string[] = [];
  /** Runs that are done with a final loss that is no number, by id. */
  endingInNaN: string[] = [];
  /** Width at which training throws. */
  broken: number | null = null;
  /** Called in the middle of each cohort, after its first two steps were reported. */
  midway: (request: CohortRequest) => void | Promise<void> = () => {};
  /** Hash of the text that its corpora are said to come from. */
  textHash: string | null = null;
  private isCancelled = false;

  async describe() {
    const adapter = { vendor: 'fake', architecture: '', description: '', features: [], software: true };
    return { kind: 'reference' as const, adapter, reason: null };
  }

  async prepare({ name }: { name: string }) {
    this.calls.push(`prepare ${name}`);
    return {
      recipe: name,
      vocabulary: 16,
      entropyRate: null,
      evaluationEntropy: null,
      textHash: this.textHash,
      notes: [],
    };
  }

  async batches() {
    return new Int32Array();
  }

  async assertFits({ width }: CohortRequest) {
    this.calls.push(`fits ${width}`);
    if (this.refused.includes(width)) throw new InputError('width', `width ${width} does not fit.`);
  }

  async train(request: CohortRequest, reports: MessagePort): Promise<RunOutcome[]> {
    const { recipe, width, seeds } = request;
    this.calls.push(`train ${recipe.name} ${width} [${seeds.join(',')}]`);
    this.isCancelled = false;
    const runs = seeds.map((seed) => runId(recipe, width, seed));
    const diverges = runs.map((id) => this.diverging.includes(id));
    const losses = (firstStep: number) =>
      Float32Array.from({ length: 2 * runs.length }, (_, i) => {
        const step = firstStep + Math.floor(i / runs.length);
        return diverges[i % runs.length] && step >= 2 ? NaN : 5 - step;
      });
    try {
      if (this.broken === width) throw new Error('The device caught fire.');
      sendReport(reports, { kind: 'losses', runs, firstStep: 0, losses: losses(0) });
      await this.midway(request);
      if (this.isCancelled) return runs.map((id) => outcome(id, 'cancelled', null));
      sendReport(reports, { kind: 'losses', runs, firstStep: 2, losses: losses(2) });
      return runs.map((id, r) =>
        diverges[r]
          ? outcome(id, 'diverged', null)
          : outcome(id, 'done', this.endingInNaN.includes(id) ? NaN : lossAt(width, seeds[r])),
      );
    } finally {
      endReports(reports);
    }
  }

  async pause() {
    this.calls.push('pause');
  }

  async resume() {
    this.calls.push('resume');
  }

  async cancel() {
    this.calls.push('cancel');
    this.isCancelled = true;
  }

  get trained(): string[] {
    return this.calls.filter((call) => call.startsWith('train'));
  }
}

function outcome(id: string, status: RunOutcome['status'], finalEvalLoss: number | null): RunOutcome {
  const divergedAt = status === 'diverged' ? 2 : null;
  const finalEvalStandardError = finalEvalLoss === null ? null : 0.01;
  return { id, status, divergedAt, finalEvalLoss, finalEvalStandardError, seconds: 0.1 };
}

export const fitter: FitterService = { fit: async (request) => fitReport(request) };

/** Events as short words, in order, reports and progress left out. */
export function wordsOf(events: readonly ConductorEvent[]): string[] {
  return events.flatMap((event) => {
    switch (event.kind) {
      case 'phase':
        return [event.phase];
      case 'cohort':
        return [`cohort ${event.recipe} ${event.width}`];
      case 'sealed':
      case 'revealed':
        return [`${event.kind} ${event.prediction.recipe} ${event.prediction.width}`];
      case 'fit':
        return [`fit ${event.recipe} on ${event.report.points.length}`];
      case 'error':
        return [`error ${event.field}`];
      default:
        return [];
    }
  });
}
