/** The checks of a study that is no prediction: asked for anew whenever its runs change. */
import type { Checks } from '../model/check-results.ts';
import type { Experiment } from '../model/experiment.ts';
import type { RunResult } from '../model/result.ts';
import { checkRequest } from './check-request.ts';
import type { ConductorEvent, FitterService } from './protocol.ts';
import { isOver } from './queue.ts';

export class StudyChecks {
  /** The latest answer; null before there was one. */
  latest: Checks | null = null;
  /** Number of the latest question: an answer that was overtaken is not told. */
  private asked = 0;
  private answering: Promise<void> = Promise.resolve();

  constructor(
    private readonly fitter: Pick<FitterService, 'check'>,
    private readonly tell: (event: ConductorEvent) => void,
  ) {}

  /**
   * Resolves when the latest question is answered, be it this one or one that overtook it.
   * @param runs those that the experiment asks for, as far as they are there.
   */
  async ask(experiment: Experiment, runs: readonly RunResult[]): Promise<void> {
    this.answering = this.answer(++this.asked, experiment, runs.filter(isOver));
    let awaited: Promise<void>;
    do {
      awaited = this.answering;
      await awaited;
    } while (awaited !== this.answering);
  }

  private async answer(question: number, experiment: Experiment, runs: RunResult[]): Promise<void> {
    this.latest = null;
    if (runs.length === 0) return;
    try {
      const checks = await this.fitter.check(checkRequest(experiment, runs));
      if (this.asked !== question) return;
      this.latest = checks;
      this.tell({ kind: 'checks', checks });
    } catch (error) {
      // What is measured stays worth having, so training goes on.
      const why = error instanceof Error ? error.message : String(error);
      this.tell({ kind: 'error', field: null, message: `The runs could not be checked: ${why}` });
    }
  }
}
