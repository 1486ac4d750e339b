/** What an experiment predicts: the seals of each recipe, and what was measured beside them. */
import { leftOutNotes } from '../checks/survivors.ts';
import type { Experiment } from '../model/experiment.ts';
import { InputError } from '../model/parse.ts';
import type { Recipe } from '../model/recipe.ts';
import type { RunResult, SealedPrediction } from '../model/result.ts';
import { runId } from '../model/run.ts';
import type { FitReport } from '../scaling/width/report.ts';
import type { ConductorEvent, ConductorOptions } from './protocol.ts';
import type { Ask } from '../analysis/ask.ts';
import type { SealStep } from './queue.ts';
import { fittedPoints, lawQuestion, type RungPoint } from '../analysis/rung-points.ts';
import { curveOf, measuredRuns, noSeal, reveal, sealPrediction } from './seal.ts';

/** An experiment as it stands now, with all runs there are. */
export interface Measured {
  experiment: Experiment;
  runs: RunResult[];
}

export class Predictions {
  #sealed: SealedPrediction[];
  #excluded: Record<string, number[]>;
  /** Targets that could not be sealed, with the number of rung points there were. */
  readonly #givenUp = new Map<string, number>();
  /** Names of predictions whose measurement was told. */
  readonly #revealed = new Set<string>();

  /** @param textHashOf hash of the text that a recipe of this name trains on; null for other corpora. */
  constructor(
    private readonly ask: Ask,
    { sealed = [], excluded = {} }: Pick<ConductorOptions, 'sealed' | 'excluded'>,
    private readonly textHashOf: (recipe: string) => string | null,
    private readonly tell: (event: ConductorEvent) => void,
  ) {
    this.#sealed = [...sealed];
    this.#excluded = excluded;
  }

  get sealed(): readonly SealedPrediction[] {
    return this.#sealed;
  }

  /** Takes widths out of the fit, by recipe name. Predictions that are sealed already stay as they are. */
  exclude(excluded: Record<string, number[]>): void {
    this.#excluded = excluded;
  }

  isGivenUp(recipe: Recipe, width: number, measured: Measured): boolean {
    const had = this.#givenUp.get(runId(recipe, width, 0));
    return had !== undefined && had === this.#points(recipe, measured).length;
  }

  async seal({ recipe, widths }: SealStep, measured: Measured): Promise<void> {
    const points = this.#points(recipe, measured);
    const giveUp = () => widths.forEach((width) => this.#givenUp.set(runId(recipe, width, 0), points.length));
    let report: FitReport | null = null;
    try {
      if (points.length > 0) report = await this.ask(lawQuestion(recipe, points, widths));
    } catch (error) {
      giveUp();
      this.#tellUnfitted(recipe, error);
      return;
    }
    if (!report?.leastSquares) {
      giveUp();
      const leftOut = leftOutNotes(runsOfRecipe(recipe, measured), this.#fitted(recipe, measured));
      const rises = report?.status === 'rising';
      this.tell({ kind: 'error', ...noSeal(recipe, points.length, rises, widths, leftOut) });
      return;
    }
    const ghosts = await this.#ghosts(recipe, points, widths, measured);
    try {
      for (const [i, prediction] of report.predictions.entries()) {
        const sealed = sealPrediction(recipe, points, this.textHashOf(recipe.name), prediction, ghosts[i]);
        this.#sealed = [...this.#sealed, sealed];
        this.tell({ kind: 'sealed', prediction: sealed });
      }
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      giveUp();
      this.tell({ kind: 'error', field: null, message: `Nothing was sealed: ${error.message}` });
    }
  }

  /** Sets what was measured beside each sealed prediction whose runs are all over. */
  reveal(measured: Measured): void {
    const { experiment, runs } = measured;
    for (const recipe of experiment.recipes) {
      for (const sealed of this.#sealed.filter((one) => one.recipe === recipe.name)) {
        const here = measuredRuns(sealed, experiment, runs);
        const name = runId(recipe, sealed.width, 0);
        if (!here || this.#revealed.has(name)) continue;
        this.#revealed.add(name);
        const prediction = reveal(sealed, here);
        this.#sealed = this.#sealed.map((one) => (one === sealed ? prediction : one));
        this.tell({ kind: 'revealed', prediction });
      }
    }
  }

  /** Training curves of the targets, from the very runs that the points are made of; without them a seal has no curve. */
  async #ghosts(recipe: Recipe, points: readonly RungPoint[], targets: number[], measured: Measured) {
    const rungs = points.map(({ x, runs }) => ({
      x,
      curves: measured.runs.filter(({ id }) => runs.includes(id)).map(curveOf),
    }));
    try {
      return await this.ask({ kind: 'ghosts', inputs: { rungs, steps: recipe.steps, targets } });
    } catch (error) {
      this.#tellUnfitted(recipe, error);
      return [];
    }
  }

  #points(recipe: Recipe, { experiment, runs }: Measured): RungPoint[] {
    return fittedPoints(recipe, experiment, runs, this.#excluded[recipe.name]);
  }

  #fitted({ name }: Recipe, { experiment }: Measured): number[] {
    const out = this.#excluded[name] ?? [];
    return experiment.ladder.rungs.filter((width) => !out.includes(width));
  }

  /** A law that cannot be fitted is told, and training goes on: what is measured stays worth having. */
  #tellUnfitted(recipe: Recipe, error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    this.tell({ kind: 'error', field: null, message: `No law was fitted to ${recipe.name}: ${why}` });
  }
}

function runsOfRecipe(recipe: Recipe, { experiment, runs }: Measured): RunResult[] {
  return runs.filter((run) => run.recipe === recipe.name && experiment.seeds.includes(run.seed));
}
