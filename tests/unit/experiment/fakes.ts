/** A trainer whose losses follow a formula, and experiments small enough for it: for tests of the conductor. */
import { parseExperiment, type Experiment, type ExperimentInput } from '../../../src/model/experiment.ts';
import { InputError } from '../../../src/model/parse.ts';
import type { Recipe } from '../../../src/model/recipe.ts';
import { runOf, type Run } from '../../../src/model/run.ts';
import type { RunOutcome } from '../../../src/model/training.ts';
import { analyse, type Finding, type Inputs, type Kind, type Question } from '../../../src/analysis/analyse.ts';
import type { Ask } from '../../../src/analysis/ask.ts';
import type {
  CohortRequest,
  ConductorEvent,
  EngineDescription,
  TrainerService,
} from '../../../src/experiment/protocol.ts';
import { endReports, sendReport } from '../../../src/experiment/report-port.ts';

export const lossAt = (width: number, seed = 1): number => 2 + 3 * width ** -0.7 + 1e-3 * Math.sin(31 * width + seed);

/** A swept run is the worse, the farther its overrides lie from 0.01. */
const lossOf = ({ width, seed, overrides }: Run): number =>
  Object.values(overrides).reduce((loss, value) => loss + 0.05 * Math.log2(value / 0.01) ** 2, lossAt(width, seed));

/** What a trainer is asked for: all seeds of a recipe at a width. */
export const cohortOf = (recipe: Recipe, width: number, seeds = [1]) => ({
  runs: seeds.map((seed) => runOf(recipe, width, seed)),
});

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
      evaluation: { sequences: 8 },
    })),
    ladder: { rungs: [8, 16, 24, 32], targets: [48] },
    ...change,
  });
}

export class FakeTrainer implements TrainerService {
  /** Every call in order: 'prepare muP', 'fits 48', 'train muP 8 [1,2]', 'train muP+SP 8 x6', 'pause', ... */
  readonly calls: string[] = [];
  readonly requests: CohortRequest[] = [];
  /** Widths that this device refuses. */
  refused: number[] = [];
  /** Runs that diverge at step 2, by id. */
  diverging: string[] = [];
  /** Runs whose losses leave for 9 nats at step 2 and stay there, without overflow, by id. */
  leaving: string[] = [];
  /** Runs that are done with a final loss that is no number, by id. */
  endingInNaN: string[] = [];
  /** Runs of which a loss of exactly zero is reported at step 2, by id. */
  zeroed: string[] = [];
  /** Runs that are done with a final loss of exactly zero, by id. */
  endingInZero: string[] = [];
  /** Runs that it trains at once; 0: a cohort after the other. */
  cores = 0;
  /** Width at which training throws. */
  broken: number | null = null;
  /** Called in the middle of each cohort, after its first two steps were reported. */
  midway: (cohort: { width: number; layers: number }) => void | Promise<void> = () => {};
  /** Hash of the text that its corpora are said to come from. */
  textHash: string | null = null;
  private isCancelled = false;

  async describe(): Promise<EngineDescription> {
    const adapter = { vendor: 'fake', architecture: '', description: '', features: [], software: true };
    return { kind: 'reference' as const, adapter, reason: null, ...(this.cores > 0 && { cores: this.cores }) };
  }

  useCpu() {
    return this.describe();
  }

  async kernels() {
    return {};
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

  async tryOut({ runs }: CohortRequest) {
    this.calls.push(`try ${cohortWords(runs)}`);
    return NaN;
  }

  async assertFits({ runs: [{ width }] }: CohortRequest) {
    this.calls.push(`fits ${width}`);
    if (this.refused.includes(width)) throw new InputError('width', `width ${width} does not fit.`);
  }

  async train(request: CohortRequest, reports: MessagePort): Promise<RunOutcome[]> {
    const [{ width, recipe }] = request.runs;
    this.calls.push(`train ${cohortWords(request.runs)}`);
    this.requests.push(request);
    this.isCancelled = false;
    const runs = request.runs.map(({ id }) => id);
    const losses = (firstStep: number) =>
      Float32Array.from({ length: 2 * runs.length }, (_, i) =>
        this.lossAtStep(runs[i % runs.length], firstStep + Math.floor(i / runs.length)),
      );
    try {
      if (this.broken === width) throw new Error('The device caught fire.');
      sendReport(reports, { kind: 'losses', runs, firstStep: 0, losses: losses(0) });
      if (recipe.evaluation.every > 0) {
        for (const step of [1, 2]) {
          const at = (n: number) => Float32Array.from(runs, () => lossAt(width) + n);
          sendReport(reports, { kind: 'evaluation', runs, step, losses: at(1 / step), standardErrors: at(0) });
        }
      }
      await this.midway({ width, layers: recipe.layers });
      if (this.isCancelled) return runs.map((id) => outcome(id, 'cancelled', null));
      sendReport(reports, { kind: 'losses', runs, firstStep: 2, losses: losses(2) });
      return request.runs.map((run) => ({
        ...this.outcomeOf(run),
        ...(request.probe ? { activations: { modules: ['logits'], values: [[0], [Infinity]] } } : {}),
      }));
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

  private lossAtStep(id: string, step: number): number {
    if (step >= 2 && this.zeroed.includes(id)) return 0;
    if (step >= 2 && this.diverging.includes(id)) return NaN;
    return step >= 2 && this.leaving.includes(id) ? 9 : 5 - step;
  }

  private outcomeOf(run: Run): RunOutcome {
    if (this.diverging.includes(run.id)) return outcome(run.id, 'diverged', null);
    if (this.endingInZero.includes(run.id)) return outcome(run.id, 'done', 0);
    if (this.endingInNaN.includes(run.id)) return outcome(run.id, 'done', NaN);
    return outcome(run.id, 'done', this.leaving.includes(run.id) ? 9 : lossOf(run));
  }
}

/** 'muP+SP 8 [1,2]' for the seeds of plain runs, 'muP+SP 8 x6' for six runs of a sweep, 'muP 8/2 x3' with 2 layers. */
function cohortWords(runs: readonly Run[]): string {
  const names = [...new Set(runs.map(({ recipe }) => recipe.name))].join('+');
  const seeds = [...new Set(runs.map(({ seed }) => seed))].join();
  const [{ width, recipe }] = runs;
  const depth = recipe.layers === 1 ? '' : `/${recipe.layers}`;
  const isSweep = runs.some(({ overrides }) => Object.keys(overrides).length > 0);
  return `${names} ${width}${depth} ${isSweep ? `x${runs.length}` : `[${seeds}]`}`;
}

function outcome(id: string, status: RunOutcome['status'], finalEvalLoss: number | null): RunOutcome {
  const divergedAt = status === 'diverged' ? 2 : null;
  const finalEvalStandardError = finalEvalLoss === null ? null : 0.01;
  return { id, status, divergedAt, finalEvalLoss, finalEvalStandardError, seconds: 0.1 };
}

type Analyst = { [K in Kind]: (inputs: Inputs<K>) => Finding<K> | Promise<Finding<K>> };

/** Finds as given, and all that is not given as another analyst does. */
export const asking =
  (found: Partial<Analyst>, other: Ask = async (question) => analyse(question)): Ask =>
  async <K extends Kind>(question: Question<K>) =>
    found[question.kind]?.(question.inputs) ?? other(question);

/**
 * Fits in earnest; its check is a sentence that counts the runs it was given and the losses of their curves, and it never plans,
 * which takes the longest and is tested by itself.
 */
export const ask = asking({
  plan: ({ target, unit, budget }) => ({
    ...{ target, unit, budget, now: 1, next: [], together: [] },
    sentence: 'There is no plan here.',
  }),
  checks: ({ experiment, runs }) => {
    const curves = runs.reduce((sum, run) => sum + run.trainLoss.length, 0);
    const sentence = `${runs.length} runs, ${curves} losses`;
    const check = { over: 'width' as const, curves: [], shift: null, verdict: 'unclear' as const, wider: null };
    const parameter = 'optimizer.learningRate' as const;
    const transfer = experiment.recipes.map(({ name }) => ({ ...check, recipe: name, parameter, sentence }));
    return { transfer, coordinates: [], basin: [] };
  },
});

/** Answers with one law and one curve, whatever the points: for tests of the order alone, which then take no time. */
export const quickAsk = asking(
  {
    ghosts: ({ targets }) => targets.map(() => ({ steps: [2, 4], loss: [4.5, 2.5], lo: [4, 2], hi: [5, 3] })),
    law: ({ points, targets }) => {
      const isFitted = points.length >= 3;
      const intervals = { '50': [1, 3], '80': [1, 3], '95': [1, 3] } satisfies Record<string, [number, number]>;
      return {
        ...{ status: 'converged' as const, notes: [], points, noise: null, laws: [], band: [], backtest: [] },
        leastSquares: isFitted ? { a: 1, b: 1, c: 1, sse: 0 } : null,
        intervals: isFitted ? { a: [0, 2], b: [0, 2], c: [0, 2] } : null,
        predictions: isFitted ? targets.map((x) => ({ x, loss: 2, intervals })) : [],
      };
    },
  },
  ask,
);

/** Events as short words, in order, reports and progress left out. */
export function wordsOf(events: readonly ConductorEvent[]): string[] {
  return events.flatMap((event) => {
    switch (event.kind) {
      case 'phase':
        return [event.phase];
      case 'cohort':
        return [`cohort ${event.cohort.recipes.join('+')} ${event.cohort.width}`];
      case 'sealed':
      case 'revealed':
        return [`${event.kind} ${event.prediction.recipe} ${event.prediction.width}`];
      case 'error':
        return [`error ${event.field}`];
      default:
        return [];
    }
  });
}
