/** Training an experiment for the command line: in a driven browser on its GPU, or in this process on the CPU. */
import { availableParallelism } from 'node:os';
import { coresToTrainOn } from '../src/model/cores.ts';
import { InputError } from '../src/model/parse.ts';
import type { ExperimentResult } from '../src/model/result.ts';
import type { AdapterInfo } from '../src/model/training.ts';
import { resultOf, type ExperimentRecord } from '../src/analysis/assemble.ts';
import { Conductor } from '../src/experiment/conductor.ts';
import { DumpWriter } from '../src/experiment/dump-writer.ts';
import { readBook } from './book.ts';
import { localServices } from '../src/experiment/local-services.ts';
import type { ConductorEvent, ConductorOptions } from '../src/experiment/protocol.ts';
import type { AdapterChoice } from './browser.ts';
import { threadCores } from './cores.ts';
import type { DrivenPage, Listener } from './drive.ts';
import { writeParts } from './output.ts';
import { adapterName, type ProgressDisplay } from './progress.ts';
import { RecordSoFar } from './record-so-far.ts';

export type EngineChoice = 'gpu' | 'reference';

export interface TrainingRequest extends Pick<ConductorOptions, 'experiment' | 'texts' | 'finished' | 'sealed'> {
  engine: EngineChoice;
  /** The machine's own where it has one, unless one is named. */
  adapter?: AdapterChoice;
  browser: string | undefined;
  /** Folder of the dump, if one is wanted. */
  dump: string | undefined;
  /** Of the finished runs. */
  measuredOn?: AdapterInfo;
  /** Given what there is after every cohort. */
  keep?: (record: ExperimentRecord) => void;
}

export interface Training {
  /** Rejects with InputError when the experiment is refused before it trains, with whatever went wrong when nothing could be trained. */
  ended: Promise<{ result: ExperimentResult; failure: string | null }>;
  cancel(): void;
}

type OpenPage = (request: TrainingRequest, listener: Listener) => Promise<DrivenPage>;

/** @param openPage of a browser that trains. */
export async function startTraining(
  request: TrainingRequest,
  display: ProgressDisplay,
  openPage: OpenPage = openBrowser,
): Promise<Training> {
  const follower = new Follower(request, display);
  const course =
    request.engine === 'gpu' ? await inBrowser(request, follower, openPage) : inThisProcess(request, follower);
  return { ended: follower.follow(course.outcome), cancel: course.cancel };
}

/** A result, and sentences for what it lacks. */
type Outcome = Pick<Awaited<ReturnType<typeof resultOf>>, 'result' | 'problems'>;

interface Course {
  outcome: Promise<Outcome>;
  cancel(): void;
}

/** Shows events, and remembers what they told and what made the training fail. */
class Follower {
  readonly #record: RecordSoFar;
  #failure: string | null = null;
  /** An error that may still turn out to be what ended the training. */
  #open: (ConductorEvent & { kind: 'error' }) | null = null;

  constructor(
    private readonly request: TrainingRequest,
    readonly display: ProgressDisplay,
  ) {
    this.#record = new RecordSoFar(request, request.keep);
  }

  hear(event: ConductorEvent): void {
    // First, so that what is shown as trained is kept.
    this.#record.hear(event);
    if (event.kind === 'engine') this.#compare(event.engine.adapter);
    const open = this.#open;
    this.#open = event.kind === 'error' ? event : null;
    // What ended the training is told by the command itself, once; what it went on after is told here.
    if (event.kind === 'phase' && event.phase === 'failed') this.#failure = open?.message ?? '';
    else if (open) this.display.hear(open);
    if (event.kind !== 'error') this.display.hear(event);
  }

  async follow(outcome: Promise<Outcome>): Promise<Awaited<Training['ended']>> {
    const { result, problems } = await outcome.catch((error: unknown) => this.#withoutWhoTrained(error));
    for (const message of problems) this.display.hear({ kind: 'error', field: null, message });
    return { result, failure: this.#failure };
  }

  /** Another adapter trains the same experiment, but not to the same bits. */
  #compare(adapter: AdapterInfo): void {
    const { finished = [], measuredOn } = this.request;
    if (finished.length === 0 || !measuredOn || adapterName(adapter) === adapterName(measuredOn)) return;
    const message = `The finished runs were trained on ${adapterName(measuredOn)}, what is missing is trained on ${adapterName(adapter)}: last digits may differ.`;
    this.display.hear({ kind: 'error', field: null, message });
  }

  /** What there is where whoever trained is gone, or could not write its dump. */
  #withoutWhoTrained(error: unknown): Promise<Outcome> {
    const { record } = this.#record;
    if (error instanceof InputError || !record) throw error;
    this.#failure = error instanceof Error ? error.message : String(error);
    return resultOf(record, localServices().ask);
  }
}

const openBrowser: OpenPage = async ({ browser, adapter }, listener) => {
  // Loaded only here: a browser's driver and a bundler take longer to load than bad input to be refused.
  const { openHeadlessPage } = await import('./drive.ts');
  return openHeadlessPage(browser, adapter, listener);
};

async function inBrowser(request: TrainingRequest, follower: Follower, openPage: OpenPage): Promise<Course> {
  const { experiment, texts, finished, sealed, dump } = request;
  const page = await openPage(request, {
    event: (event) => follower.hear(event),
    file: (names, part, isFirst) => writeParts(dump!, names, part, isFirst),
    tell: (text) => follower.display.tell(text),
  });
  const run = async () => {
    try {
      const outcome = await page.run({ experiment, texts, finished, sealed, dump: dump !== undefined });
      if ('refused' in outcome) throw new InputError(outcome.refused.field, outcome.refused.message);
      return outcome;
    } finally {
      await page.close();
    }
  };
  // Of a page that is gone `run` tells.
  return { outcome: run(), cancel: () => void page.cancel().catch(() => undefined) };
}

function inThisProcess(request: TrainingRequest, follower: Follower): Course {
  const { experiment, texts, finished, sealed, dump } = request;
  const cores = threadCores(coresToTrainOn(availableParallelism()));
  const { trainer, ask } = localServices(cores.all, readBook);
  const writer =
    dump === undefined
      ? null
      : new DumpWriter(experiment, async (names, bytes) => writeParts(dump, names, bytes, true));
  const options = { experiment, texts, finished, sealed, keepParameters: dump !== undefined };
  const conductor = new Conductor(trainer, ask, options, (event) => {
    writer?.hear(event);
    follower.hear(event);
  });
  const run = async () => {
    try {
      const outcome = await resultOf(await conductor.run(), ask);
      await writer?.finish(trainer);
      return outcome;
    } finally {
      cores.end();
    }
  };
  return { outcome: run(), cancel: () => conductor.cancel() };
}
