/** Training an experiment for the command line: in a driven browser on its GPU, or in this process on the CPU. */
import type { Experiment } from '../src/model/experiment.ts';
import { InputError } from '../src/model/parse.ts';
import type { ExperimentResult } from '../src/model/result.ts';
import { resultOf } from '../src/analysis/assemble.ts';
import { Conductor } from '../src/experiment/conductor.ts';
import { DumpWriter } from '../src/experiment/dump-writer.ts';
import { localServices } from '../src/experiment/local-services.ts';
import type { ConductorEvent, Texts } from '../src/experiment/protocol.ts';
import type { AdapterChoice } from './browser.ts';
import { writeParts } from './output.ts';
import type { ProgressDisplay } from './progress.ts';

export type EngineChoice = 'gpu' | 'reference';

export interface TrainingRequest {
  experiment: Experiment;
  texts: Texts;
  engine: EngineChoice;
  /** The machine's own where it has one, unless one is named. */
  adapter?: AdapterChoice;
  browser: string | undefined;
  /** Folder of the dump, if one is wanted. */
  dump: string | undefined;
}

export interface Training {
  /** Rejects with InputError when the experiment is refused before it trains. */
  ended: Promise<{ result: ExperimentResult; failure: string | null }>;
  cancel(): void;
}

export async function startTraining(request: TrainingRequest, display: ProgressDisplay): Promise<Training> {
  const follower = new Follower(display);
  return request.engine === 'gpu' ? inBrowser(request, follower) : inThisProcess(request, follower);
}

/** Shows events, and remembers what made the training fail. */
class Follower {
  failure: string | null = null;
  /** An error that may still turn out to be what ended the training. */
  private open: (ConductorEvent & { kind: 'error' }) | null = null;

  constructor(readonly display: ProgressDisplay) {}

  hear(event: ConductorEvent): void {
    const { open } = this;
    this.open = event.kind === 'error' ? event : null;
    // What ended the training is told by the command itself, once; what it went on after is told here.
    if (event.kind === 'phase' && event.phase === 'failed') this.failure = open?.message ?? '';
    else if (open) this.display.hear(open);
    if (event.kind !== 'error') this.display.hear(event);
  }

  /** @param problems why a result lacks what it might say. */
  ended({ result, problems }: { result: ExperimentResult; problems: string[] }): Awaited<Training['ended']> {
    for (const message of problems) this.display.hear({ kind: 'error', field: null, message });
    return { result, failure: this.failure };
  }
}

async function inBrowser(request: TrainingRequest, follower: Follower): Promise<Training> {
  const { experiment, texts, dump } = request;
  // Loaded only here: a browser's driver and a bundler take longer to load than bad input to be refused.
  const { openHeadlessPage } = await import('./drive.ts');
  const page = await openHeadlessPage(request.browser, request.adapter, {
    event: (event) => follower.hear(event),
    file: (names, part, isFirst) => writeParts(dump!, names, part, isFirst),
    tell: (text) => follower.display.tell(text),
  });
  const run = async () => {
    const outcome = await page.run({ experiment, texts, dump: dump !== undefined });
    await page.close();
    if ('refused' in outcome) throw new InputError(outcome.refused.field, outcome.refused.message);
    return follower.ended(outcome);
  };
  return { ended: run(), cancel: () => void page.cancel() };
}

async function inThisProcess(request: TrainingRequest, follower: Follower): Promise<Training> {
  const { experiment, texts, dump } = request;
  const { trainer, ask } = localServices();
  const writer =
    dump === undefined
      ? null
      : new DumpWriter(experiment, async (names, bytes) => writeParts(dump, names, bytes, true));
  const options = { experiment, texts, keepParameters: dump !== undefined };
  const conductor = new Conductor(trainer, ask, options, (event) => {
    writer?.hear(event);
    follower.hear(event);
  });
  const run = async () => {
    const outcome = await resultOf(await conductor.run(), ask);
    await writer?.finish(trainer);
    return follower.ended(outcome);
  };
  return { ended: run(), cancel: () => conductor.cancel() };
}
