/** The fitter's side of the protocol: laws and what follows from them, and the checks of the other studies. */
import { checksOf } from '../checks/checks.ts';
import type { Checks } from '../model/check-results.ts';
import type { Comparison, GhostCurve, JointReport, Plan } from '../model/scaling-results.ts';
import { compare, type CompareRequest } from '../scaling/compare/compare.ts';
import { fitReport } from '../scaling/width/fit.ts';
import { ghostCurves, type GhostRequest } from '../scaling/width/ghost.ts';
import { jointReport, type JointRequest } from '../scaling/joint/joint.ts';
import { planFor, type PlanRequest } from '../scaling/plan/planning.ts';
import type { FitReport, FitRequest } from '../scaling/width/report.ts';
import type { Experiment } from '../model/experiment.ts';
import type { RunResult } from '../model/result.ts';

/** Finished runs of an experiment whose study is a check. Their loss curves may be left out where the check needs none. */
export interface CheckRequest {
  experiment: Experiment;
  runs: RunResult[];
}

export interface FitterService {
  /** @throws InputError for points no law can be fitted to. */
  fit(request: FitRequest): Promise<FitReport>;
  /** The law of parameters and tokens through points at several step counts. */
  joint(request: JointRequest): Promise<JointReport>;
  /** Training curves of widths that are not trained. */
  ghosts(request: GhostRequest): Promise<(GhostCurve | null)[]>;
  /** Two recipes against each other. */
  compare(request: CompareRequest): Promise<Comparison>;
  /** What to train next for a target's interval to shrink most. */
  plan(request: PlanRequest): Promise<Plan>;
  /** What the runs that are there say of transfer, coordinates or the basin, whichever the study asks. */
  check(request: CheckRequest): Promise<Checks>;
}

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
