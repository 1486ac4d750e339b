/** The fitter's side of the protocol. */
import { fitReport } from '../scaling/fit.ts';
import type { FitReport, FitRequest } from '../scaling/report.ts';
import type { FitterService } from './protocol.ts';

export class LawFitter implements FitterService {
  async fit(request: FitRequest): Promise<FitReport> {
    return fitReport(request);
  }
}
