/** An experiment's events as a person reads them in a terminal: one line that is rewritten, or sparse lines in a log. */
import { bitsPerByte } from '../src/model/bits-per-byte.ts';
import { listed } from '../src/checks/wording.ts';
import { isPredicted, type Study } from '../src/model/study.ts';
import type { CohortName, ConductorEvent, CorpusFacts, Progress } from '../src/experiment/protocol.ts';
import type { AdapterInfo } from '../src/model/training.ts';
import { CohortTally } from './cohort-tally.ts';
import { inWords, lossText } from './words.ts';

/** Seconds between progress lines where a line cannot be rewritten. */
const SPARSE_SECONDS = 15;

interface Output {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

export class ProgressDisplay {
  private hasLine = false;
  private lastSparse = performance.now();
  private readonly tally: CohortTally | null;

  /**
   * @param study a sweep may have hundreds of runs: it tells of cohorts, a prediction of each run.
   * @param refusals where it is told, also when quiet, what was refused on the way: no progress, but the reason of what a result lacks.
   */
  constructor(
    private readonly output: Output,
    private readonly isQuiet: boolean,
    private readonly study: Study,
    private readonly refusals: Pick<Output, 'write'> = process.stderr,
  ) {
    this.tally = isPredicted(study) ? null : new CohortTally((cohort) => cohortWords(cohort, study));
  }

  tell(text: string): void {
    if (this.isQuiet) return;
    this.clear();
    this.output.write(`${text}\n`);
  }

  hear(event: ConductorEvent): void {
    if (event.kind === 'error') return this.refuse(event.message);
    if (event.kind === 'progress') this.progress(event.progress);
    if (event.kind === 'preparing')
      this.rewrite(`Making the tokens of ${event.recipe}: ${Math.floor(100 * event.share)} %`);
    for (const line of this.tally?.linesOf(event) ?? linesOf(event)) this.tell(line);
  }

  private refuse(message: string): void {
    this.clear();
    this.refusals.write(`${message}\n`);
  }

  /** Takes the rewritten line away. */
  clear(): void {
    if (this.hasLine) this.output.write('\r\x1b[K');
    this.hasLine = false;
  }

  private progress(progress: Progress): void {
    if (progress.current.length > 0) this.rewrite(progressLine(progress, this.study));
  }

  private rewrite(line: string): void {
    if (this.isQuiet) return;
    if (this.output.isTTY) {
      this.output.write(`\r\x1b[K${line.slice(0, (this.output.columns || 80) - 1)}`);
      this.hasLine = true;
    } else if (performance.now() - this.lastSparse > SPARSE_SECONDS * 1000) {
      this.lastSparse = performance.now();
      this.output.write(`${line}\n`);
    }
  }
}

export function progressLine({ share, secondsLeft, current }: Progress, study: Study): string {
  const parts = [`${String(Math.floor(100 * share)).padStart(3)} %`];
  const [first, ...others] = current;
  if (first && others.length > 0) {
    const sharesOf = current.map((one) => `${cohortWords(one, study)} ${Math.floor((100 * one.step) / one.steps)} %`);
    parts.push(`${listed([...new Set(current.flatMap(({ recipes }) => recipes))])}: ${listed(sharesOf)}`);
  } else if (first) {
    const { recipes, step, steps, secondsLeft: ownSeconds } = first;
    parts.push(`${listed(recipes)}, ${cohortWords(first, study)}: step ${step} of ${steps}`);
    if (ownSeconds !== null)
      parts.push(`${inWords(ownSeconds)} left for this ${isOverDepths(study) ? 'depth' : 'width'}`);
  }
  if (secondsLeft !== null) parts.push(`${inWords(secondsLeft)} in all`);
  return parts.join('  ');
}

const isOverDepths = (study: Study) => study.kind === 'transfer' && study.depths !== undefined;

/** What sets a cohort apart from the others of its study. */
function cohortWords({ width, layers }: CohortName, study: Study): string {
  if (!isOverDepths(study)) return `width ${width}`;
  return layers === 1 ? '1 layer' : `${layers} layers`;
}

export const adapterName = ({ vendor, architecture, description }: AdapterInfo): string =>
  [vendor, architecture, description].filter(Boolean).join(' ') || 'an adapter without a name';

/** What is known of the best possible loss; of a text nothing. */
function entropyText({ entropyRate, evaluationEntropy, withoutPast }: CorpusFacts): string {
  if (evaluationEntropy === null) return '';
  const window = lossText(evaluationEntropy);
  if (entropyRate !== null)
    return `, entropy ${lossText(entropyRate)} nats per token (of the evaluation window: ${window})`;
  const marginal = withoutPast === undefined ? '' : `, ${lossText(withoutPast)} for who sees the last token only`;
  return `, entropy of the evaluation window ${window} nats per token${marginal}`;
}

function linesOf(event: ConductorEvent): string[] {
  switch (event.kind) {
    case 'engine': {
      const { kind, adapter, cores = 1 } = event.engine;
      const atOnce = cores > 1 ? `, ${cores} runs at once` : '';
      if (kind === 'reference') return [`Training on the CPU: ${adapter.description}${atOnce}.`];
      const warning = 'This is a software adapter: no GPU does the work, so expect it to be slow.';
      return [`Training on: ${adapterName(adapter)}.`, ...(adapter.software ? [warning] : [])];
    }
    case 'corpus': {
      const { recipe, vocabulary, bytesPerToken, notes } = event.facts;
      const bytes = bytesPerToken ? `, ${bytesPerToken.toFixed(2)} bytes per token of the evaluation window` : '';
      return [`Corpus of ${recipe}: ${vocabulary} tokens${entropyText(event.facts)}${bytes}.`, ...notes];
    }
    case 'run': {
      const { id, status, finalEvalLoss, seconds, bytesPerToken } = event.result;
      const isDone = status === 'done' && finalEvalLoss !== null;
      const bits =
        isDone && bytesPerToken ? ` (${lossText(bitsPerByte(finalEvalLoss, bytesPerToken))} bits per byte)` : '';
      return [`${id}: ${isDone ? `loss ${lossText(finalEvalLoss)}${bits}` : status}, ${inWords(seconds)}`];
    }
    case 'sealed': {
      const { recipe, width, loss, lo, hi, level, inputsHash, sealHash = inputsHash } = event.prediction;
      const range = `${100 * level} % interval ${lossText(lo)} to ${lossText(hi)}`;
      return [`Sealed for ${recipe}, width ${width}: loss ${lossText(loss)}, ${range} (${sealHash.slice(0, 12)}…)`];
    }
    default:
      return [];
  }
}
