/** Tells of a cohort's runs in one line once they are all over. */
import type { CohortName, ConductorEvent } from '../src/experiment/protocol.ts';
import type { RunResult } from '../src/model/result.ts';
import { inWords, lossText } from './words.ts';

interface Tallied {
  name: CohortName;
  begun: number;
  ids: string[];
  over: RunResult[];
}

export class CohortTally {
  private underWay: Tallied[] = [];

  /** @param wordsOf what to call a cohort. */
  constructor(private readonly wordsOf: (cohort: CohortName) => string) {}

  /** The lines that take the place of what would be told of each run; null for events that are none of its business. */
  linesOf(event: ConductorEvent): string[] | null {
    if (event.kind === 'cohort') {
      this.underWay.push({ name: event.cohort, begun: performance.now(), ids: event.runs, over: [] });
    }
    if (event.kind !== 'run') return null;
    const cohort = this.underWay.find(({ ids }) => ids.includes(event.result.id));
    if (!cohort) return null;
    cohort.over.push(event.result);
    if (cohort.over.length < cohort.ids.length) return [];
    this.underWay = this.underWay.filter((one) => one !== cohort);
    return [this.line(cohort)];
  }

  private line({ name, begun, over }: Tallied): string {
    const seconds = (performance.now() - begun) / 1000;
    return `${this.wordsOf(name)}: ${countText(over)}${bestText(over)}, ${inWords(seconds)}`;
  }
}

/** "14 runs done, 2 diverged" */
export function countText(runs: readonly RunResult[]): string {
  const statuses = ['done', 'diverged', 'cancelled', 'failed'] as const;
  const counts = statuses.map((status) => ({ status, count: runs.filter((run) => run.status === status).length }));
  const [first, ...others] = counts.filter(({ count }) => count > 0);
  const words = [`${first.count} ${first.count === 1 ? 'run' : 'runs'} ${first.status}`];
  return [...words, ...others.map(({ status, count }) => `${count} ${status}`)].join(', ');
}

/** The lowest loss. That of a probed run, which learns one batch by heart, says nothing. */
function bestText(runs: readonly RunResult[]): string {
  const done = runs.filter((run) => run.status === 'done' && run.finalEvalLoss !== null && !run.activations);
  if (done.length === 0) return '';
  const best = done.reduce((least, run) => (run.finalEvalLoss! < least.finalEvalLoss! ? run : least));
  return `, best ${lossText(best.finalEvalLoss!)} (${best.id})`;
}
