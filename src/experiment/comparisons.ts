/** How the recipes of a comparison stand to one another: asked for anew whenever a rung was trained. */
import type { Experiment } from '../model/experiment.ts';
import type { RunResult } from '../model/result.ts';
import type { Comparison } from '../model/scaling-results.ts';
import { canCompare, compareAll, pairQuestions, type PairQuestion } from '../analysis/compare-request.ts';
import { LatestAnswer } from './latest-answer.ts';
import type { ConductorEvent } from './protocol.ts';
import type { FitterService } from '../analysis/fitter-service.ts';

export class Comparisons {
  private readonly answer: LatestAnswer<PairQuestion[], Comparison[]>;

  constructor(fitter: Pick<FitterService, 'compare'>, tell: (event: ConductorEvent) => void) {
    this.answer = new LatestAnswer(
      (questions) => compareAll(fitter, questions),
      (comparisons) => tell({ kind: 'comparisons', comparisons }),
      (why) => tell({ kind: 'error', field: null, message: `The recipes could not be compared: ${why}` }),
    );
  }

  /** Every pair with losses, in the order of the recipes. */
  get latest(): readonly Comparison[] {
    return this.answer.latest ?? [];
  }

  /** @param runs all there are. */
  ask(experiment: Experiment, runs: readonly RunResult[]): Promise<void> {
    const questions = pairQuestions(experiment, runs).filter(canCompare);
    return this.answer.ask(questions.length > 0 ? questions : null);
  }
}
