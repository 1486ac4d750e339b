/** The fitter's side of the protocol: laws and what follows from them, and the checks of the other studies. */
import { checksOf } from '../checks/checks.ts';
import type { Checks } from '../model/check-results.ts';
import type { Comparison, GhostCurve, JointReport, Plan } from '../model/scaling-results.ts';
import { compare, type CompareRequest } from '../scaling/compare.ts';
import { fitReport } from '../scaling/fit.ts';
import { ghostCurves, type GhostRequest } from '../scaling/ghost.ts';
import { jointReport, type JointRequest } from '../scaling/joint.ts';
import { planFor, type PlanRequest } from '../scaling/planning.ts';
import type { FitReport, FitRequest } from '../scaling/report.ts';
import type { CheckRequest, FitterService } from './protocol.ts';

export class LawFitter implements FitterService {
  async fit(request: FitRequest): Promise<FitReport> {
    return fitReport(request);
  }

  async joint(request: JointRequest): Promise<JointReport> {
    return jointReport(request);
  }

  async ghosts(request: GhostRequest): Promise<(GhostCurve | null)[]> {
    return ghostCurves(request);
  }

  async compare(request: CompareRequest): Promise<Comparison> {
    return compare(request);
  }

  async plan(request: PlanRequest): Promise<Plan> {
    return planFor(request);
  }

  async check({ experiment, runs }: CheckRequest): Promise<Checks> {
    return checksOf(experiment, runs);
  }
}
