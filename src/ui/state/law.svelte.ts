/** The law drawn through the points: always the fitter's answer to the latest question, never to an earlier one. */
import type { FitReport, FitRequest } from '../../scaling/report.ts';

export class Law {
  report = $state.raw<FitReport | null>(null);
  /** Why there is no law, in one sentence. */
  problem = $state('');
  readonly #fit: (request: FitRequest) => Promise<FitReport>;
  #asked = '';

  constructor(fit: (request: FitRequest) => Promise<FitReport>) {
    this.#fit = fit;
  }

  async follow(request: FitRequest | null): Promise<void> {
    const question = JSON.stringify(request);
    if (question === this.#asked) return;
    this.#asked = question;
    if (!request) {
      this.report = null;
      this.problem = '';
      return;
    }
    try {
      const report = await this.#fit(request);
      if (question !== this.#asked) return;
      this.report = report;
      this.problem = '';
    } catch (error) {
      if (question !== this.#asked) return;
      this.report = null;
      this.problem = error instanceof Error ? error.message : String(error);
    }
  }
}
