/** The fitter's side of the protocol: laws over widths, and the checks of the other studies. */
import { checksOf } from '../checks/checks.ts';
import type { Checks } from '../model/check-results.ts';
import { fitReport } from '../scaling/fit.ts';
import type { FitReport, FitRequest } from '../scaling/report.ts';
import type { CheckRequest, FitterService } from './protocol.ts';

export class LawFitter implements FitterService {
  async fit(request: FitRequest): Promise<FitReport> {
    return fitReport(request);
  }

  async check({ experiment, runs }: CheckRequest): Promise<Checks> {
    return checksOf(experiment, runs);
  }
}
