/** The checks of a study that predicts nothing: asked for anew whenever its runs change. */
import type { Checks } from '../model/check-results.ts';
import type { Experiment } from '../model/experiment.ts';
import type { RunResult } from '../model/result.ts';
import { checkRequest } from '../analysis/check-request.ts';
import { LatestAnswer } from './latest-answer.ts';
import type { ConductorEvent } from './protocol.ts';
import type { CheckRequest, FitterService } from '../analysis/fitter-service.ts';
import { isOver } from '../model/result.ts';

export class StudyChecks {
  private readonly answer: LatestAnswer<CheckRequest, Checks>;

  constructor(fitter: Pick<FitterService, 'check'>, tell: (event: ConductorEvent) => void) {
    this.answer = new LatestAnswer(
      (request) => fitter.check(request),
      (checks) => tell({ kind: 'checks', checks }),
      (why) => tell({ kind: 'error', field: null, message: `The runs could not be checked: ${why}` }),
    );
  }

  /** The latest answer; null before there was one. */
  get latest(): Checks | null {
    return this.answer.latest;
  }

  /**
   * Resolves when the latest question is answered, be it this one or one that overtook it.
   * @param runs those that the experiment asks for, as far as they are there.
   */
  ask(experiment: Experiment, runs: readonly RunResult[]): Promise<void> {
    const over = runs.filter(isOver);
    return this.answer.ask(over.length > 0 ? checkRequest(experiment, over) : null);
  }
}
