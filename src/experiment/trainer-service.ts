/** The trainer's side of the protocol: one engine, the corpora it was given, and the cohorts that train. */
import { own } from '../model/own.ts';
import type { NoGpu, Remedy } from '../gpu/device.ts';
import { buildCorpus } from '../data/corpus.ts';
import { wholeOf } from '../data/segments.ts';
import { hashText } from '../data/text/hash.ts';
import type { Corpus } from '../data/token-plan.ts';
import { BOOK, fileOf } from '../model/corpora.ts';
import { InputError } from '../model/parse.ts';
import type { Recipe } from '../model/recipe.ts';
import { parametrize } from '../model/parametrization.ts';
import { batchesOf, cohortKey, type Run } from '../model/run.ts';
import { modelShape, type ModelShape } from '../model/shape.ts';
import type { Cohort, CohortRun, RunOutcome, TokenStream, TrainingEngine } from '../model/training.ts';
import { checkpointKey, reportsOf, Way, type CheckpointStore } from './checkpoints.ts';
import type {
  CohortRequest,
  CorpusFacts,
  EngineDescription,
  LearntModels,
  LeftCohorts,
  GivenTexts,
  TrainerService,
} from './protocol.ts';
import { Learnt, type LearntAnswer, type LearntKind, type LearntQuestion } from './learnt.ts';
import { endReports, sendReport } from './report-port.ts';
import { Trial } from './trial.ts';

/** An engine, and why it is not a GPU's where that was hoped for. */
export interface ChosenEngine {
  engine: TrainingEngine;
  reason: string | null;
  remedy?: Remedy;
  /** The CPU beside a software adapter: made once it is asked for. */
  beside?: { description: EngineDescription; make(): Promise<TrainingEngine> };
}

/** Corpora kept at a time; recipes that differ in other things share one. */
const MOST_CORPORA = 8;

/** By then whoever asked for a cohort has kept its results: until then a page that crashes goes on from the last steps. */
const DROP_MILLISECONDS = 3000;

interface Prepared {
  key: string;
  text: string | undefined;
  textHash: string | null;
  corpus: Corpus;
}

export class EngineTrainer implements TrainerService, LeftCohorts, LearntModels {
  private found: Promise<ChosenEngine> | null = null;
  private besides: Promise<TrainingEngine> | null = null;
  private takesBeside = false;
  private corpora: Prepared[] = [];
  private readonly underWay = new Set<AbortController>();
  private readonly gate = new Gate();
  private readonly trained = new Learnt(
    () => this.engine,
    (recipe) => this.preparedOf(recipe),
  );
  /** Drops the cohort that ended last, where that is still to be done. */
  private dropEnded = () => {};

  /**
   * @param choose the engine, the CPU's where it is given why there is no GPU; once something is asked of it: a trainer that only stands by takes no device.
   * @param checkpoints where cohorts under way are kept; without it a training that is left begins again.
   * @param version of the code.
   * @param loadBook the text of the corpus "book", once it is trained on.
   */
  constructor(
    private readonly choose: (noGpu?: NoGpu) => Promise<ChosenEngine>,
    private readonly checkpoints: CheckpointStore | null = null,
    private readonly version = '',
    private readonly loadBook: () => Promise<string> = async () => {
      throw new InputError('corpus.kind', 'corpus.kind: there is no book here; choose another corpus.');
    },
  ) {}

  private get chosen(): Promise<ChosenEngine> {
    return (this.found ??= this.choose());
  }

  private get engine(): Promise<TrainingEngine> {
    return this.takesBeside && this.besides ? this.besides : this.chosen.then(({ engine }) => engine);
  }

  async describe(wanted?: EngineDescription['kind']): Promise<EngineDescription> {
    const { beside, reason, remedy } = await this.chosen;
    this.takesBeside = beside !== undefined && wanted === beside.description.kind;
    if (this.takesBeside) this.besides ??= beside!.make();
    const { kind, adapter, cores } = await this.engine;
    const besides = !this.takesBeside && beside ? { beside: beside.description } : {};
    return { kind, adapter, ...(cores && { cores }), reason, ...(remedy && { remedy }), ...besides };
  }

  async useCpu(): Promise<EngineDescription> {
    this.found = this.choose({ reason: 'The graphics device was lost for good.', remedy: 'restart' });
    return this.describe();
  }

  async kernels(): Promise<Record<string, string>> {
    const engine = await this.engine;
    return engine.choices ?? {};
  }

  async prepare(recipe: Recipe, texts: GivenTexts, onProgress?: (share: number) => void): Promise<CorpusFacts> {
    const key = corpusKey(recipe);
    const { corpus: spec } = recipe;
    const file = fileOf(spec);
    const content = file === null ? undefined : own(texts, file);
    const text = content instanceof Blob ? await content.text() : content;
    const whole: Record<string, string> = text === undefined ? {} : { [file!]: text };
    const given = spec.kind === 'book' ? { [BOOK]: await this.loadBook() } : whole;
    const before = this.corpora.find((one) => one.key === key && one.text === text);
    const prepared = before ?? {
      ...{ key, text, textHash: text === undefined ? null : hashText(text) },
      corpus: buildCorpus(spec, tokenPlan(recipe), given, onProgress),
    };
    const corpora = [prepared, ...this.corpora.filter((one) => one.key !== key)].slice(0, MOST_CORPORA);
    for (const one of this.corpora) if (!corpora.includes(one)) one.corpus.letGo();
    this.corpora = corpora;
    const { vocabulary, entropyRate, evaluationEntropy, withoutPast, bytesPerToken, notes } = prepared.corpus;
    const known = {
      vocabulary,
      entropyRate,
      evaluationEntropy,
      bytesPerToken,
      ...(withoutPast !== undefined && { withoutPast }),
    };
    return { recipe: recipe.name, ...known, textHash: prepared.textHash, notes };
  }

  async batches(run: Run, probe = false): Promise<Int32Array> {
    return new Int32Array((await wholeOf(this.streamOf(run, probe), run.recipe)).buffer);
  }

  async tryOut(request: CohortRequest): Promise<number> {
    const trying = new AbortController();
    this.underWay.add(trying);
    const trial = new Trial(request.runs.length);
    try {
      const engine = await this.engine;
      await engine.train(
        { ...this.cohort(request), evaluateEvery: 0 },
        {
          signal: trying.signal,
          untilResumed: () => this.gate.pass(trying.signal),
          onReport: (report) => {
            if (report.kind === 'losses' && trial.hear(report)) trying.abort();
          },
        },
      );
      return trial.secondsPerStep;
    } finally {
      this.underWay.delete(trying);
    }
  }

  async assertFits(request: CohortRequest): Promise<void> {
    const engine = await this.engine;
    engine.assertFits(this.withoutStream(request));
  }

  async train(request: CohortRequest, reports: MessagePort): Promise<RunOutcome[]> {
    const training = new AbortController();
    this.underWay.add(training);
    try {
      const engine = await this.engine;
      if (this.underWay.size > 1 && !engine.cores) throw new Error('A cohort is training already.');
      this.dropEnded();
      const way = await this.wayOf(request, engine);
      for (const report of way?.from ? reportsOf(way.from) : []) sendReport(reports, report);
      // Once this one trains, so that its own kernels come first; what fails is told when the next one's turn has come.
      let makeNextReady = () => void this.makeReady(request).catch(() => undefined);
      const keepParameters = request.keepParameters ? 'all' : this.worthKeeping(request);
      const ending = engine.train(this.cohort(request), {
        ...{ from: way?.from?.state, onTheWay: way?.onTheWay },
        signal: training.signal,
        untilResumed: () => this.gate.pass(training.signal),
        keepParameters,
        onReport: (report) => {
          way?.reports.add(report);
          sendReport(reports, report);
          makeNextReady();
          makeNextReady = () => undefined;
        },
      });
      const outcomes = await (way ? way.toItsEnd(ending) : ending);
      this.trained.keep(request.runs, outcomes);
      return request.keepParameters ? outcomes : outcomes.map(withoutParameters);
    } finally {
      this.underWay.delete(training);
      endReports(reports);
    }
  }

  async pause(): Promise<void> {
    this.gate.close();
  }

  async resume(): Promise<void> {
    this.gate.open();
  }

  /** Ends the cohorts that train now; the next one starts unpaused. */
  async cancel(): Promise<void> {
    for (const training of this.underWay) training.abort();
    this.gate.open();
  }

  async learnt<K extends LearntKind>({ kind, inputs }: LearntQuestion<K>): Promise<LearntAnswer<K>> {
    return (this.trained.answers[kind] as (inputs: unknown) => Promise<LearntAnswer<K>>)(inputs);
  }

  /** Of a probed cohort nothing: what it learnt is one batch. */
  private worthKeeping({ runs, probe }: CohortRequest): string[] {
    return probe ? [] : this.trained.worthKeeping(runs);
  }

  async stepLeft(runs: Run[], textHash: string | null): Promise<number | null> {
    return (await this.checkpoints?.stepOf(await this.keyOf(runs, textHash))) ?? null;
  }

  async discardLeft(runs: Run[], textHash: string | null): Promise<void> {
    await this.checkpoints?.discard(await this.keyOf(runs, textHash));
  }

  private async keyOf(runs: Run[], textHash: string | null): Promise<string> {
    const { engine } = await this.chosen;
    return checkpointKey(runs, { adapter: engine.adapter, version: this.version, textHash });
  }

  /** Where the cohort stood when an earlier page was left, and how it is kept for a later one; null where nothing is kept. */
  private async wayOf(
    { runs, probe, keepParameters }: CohortRequest,
    { kind, adapter }: TrainingEngine,
  ): Promise<Way | null> {
    const { checkpoints, version } = this;
    // The reference tells of no way from which it could go on.
    if (!checkpoints || probe || keepParameters || kind === 'reference') return null;
    const { textHash } = this.preparedOf(runs[0].recipe);
    const way = new Way(await checkpoints.take(checkpointKey(runs, { adapter, version, textHash })));
    way.onEnd = () => {
      const timer = setTimeout(() => this.dropEnded(), DROP_MILLISECONDS);
      this.dropEnded = () => {
        clearTimeout(timer);
        this.dropEnded = () => {};
        way.drop();
      };
    };
    return way;
  }

  private async makeReady({ next, probe }: CohortRequest): Promise<void> {
    const engine = await this.engine;
    if (next) await engine.makeReady?.(this.cohort({ runs: next, probe }));
  }

  private corpusOf(recipe: Recipe): Corpus {
    return this.preparedOf(recipe).corpus;
  }

  private preparedOf(recipe: Recipe): Prepared {
    const key = corpusKey(recipe);
    const prepared = this.corpora.find((one) => one.key === key);
    if (!prepared) throw new Error(`The corpus of ${recipe.name} was not prepared.`);
    return prepared;
  }

  private streamOf(run: Run, probe: boolean): TokenStream {
    const { recipe } = run;
    const stream = this.corpusOf(recipe).streamOf(batchesOf(run));
    return probe ? firstBatchOnly(stream, recipe.batch * (recipe.context + 1)) : stream;
  }

  private cohort(request: CohortRequest): Cohort {
    const { runs, probe = false } = request;
    return { ...this.withoutStream(request), stream: this.streamOf(runs[0], probe) };
  }

  private withoutStream({ runs, probe }: CohortRequest): Omit<Cohort, 'stream'> {
    const [{ recipe, width }] = runs;
    if (new Set(runs.map(cohortKey)).size > 1) throw new Error('Runs of different shapes cannot train together.');
    const { vocabulary } = this.corpusOf(recipe);
    const { batch, steps, evaluation } = recipe;
    const shape = modelShape(recipe, width, vocabulary);
    return {
      shape,
      batch,
      steps,
      evaluateEvery: evaluation.every,
      runs: runs.map((run) => cohortRun(run, shape)),
      ...(probe ? { probe } : {}),
    };
  }
}

const withoutParameters = ({ parameters: _, ...outcome }: RunOutcome): RunOutcome => outcome;

const cohortRun = ({ id, seed, recipe }: Run, shape: ModelShape): CohortRun => ({
  ...{ id, seed },
  table: parametrize(recipe, shape),
  optimizer: recipe.optimizer,
  schedule: recipe.schedule,
});

/** Each step's batch is the first, of `size` tokens: activations are then compared on the same tokens at every step. */
function firstBatchOnly({ evaluation, segment }: TokenStream, size: number): TokenStream {
  let first: Promise<Uint32Array> | null = null;
  // By itself, for a core is sent all that lies behind a view.
  const firstBatch = async () => (await segment(0)).slice(0, size);
  return { evaluation, segmentSteps: 1, segment: () => (first ??= firstBatch()) };
}

const tokenPlan = ({ context, batch, steps, evaluation }: Recipe) => ({
  context,
  batch,
  steps,
  evaluationSequences: evaluation.sequences,
});

const corpusKey = (recipe: Recipe) => JSON.stringify([recipe.corpus, tokenPlan(recipe)]);

/** Where training waits while it is paused. */
class Gate {
  private isClosed = false;
  private waiting: (() => void)[] = [];

  close(): void {
    this.isClosed = true;
  }

  open(): void {
    this.isClosed = false;
    for (const wake of this.waiting.splice(0)) wake();
  }

  /** Resolves when the gate is open, and at once when the signal is aborted. */
  async pass(signal: AbortSignal): Promise<void> {
    if (!this.isClosed || signal.aborted) return;
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }
}
