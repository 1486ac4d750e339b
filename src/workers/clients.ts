/** The services as a page sees them: each in a worker of its own, behind comlink. */
import { proxy, transfer } from 'comlink';
import { carryErrors } from './error-transfer.ts';
import { RenewedWorker } from './renewed-worker.ts';
import { asSent } from './text-blobs.ts';
import { fileOf } from '../model/corpora.ts';
import { own } from '../model/own.ts';
import type { Recipe } from '../model/recipe.ts';
import type { LearntModels, LeftCohorts, GivenTexts, TrainerService } from '../experiment/protocol.ts';
import type { Finding, Kind, Question } from '../analysis/analyse.ts';
import { remembering, type Ask } from '../analysis/ask.ts';

type TrainerWorker = TrainerService & LeftCohorts & LearntModels;

interface Workers {
  trainer: TrainerWorker;
  ask: Ask;
  /** Resolves once each has another one that stands by. @throws MissingPart where one cannot be loaded. */
  haveSpares(): Promise<void>;
}

export function startWorkers(): Workers {
  carryErrors();
  // Written out, as the bundler has to read them.
  const startTrainer = () =>
    new Worker(new URL('./trainer-worker.ts', import.meta.url), { type: 'module', name: 'trainer' });
  const startAnalyst = () =>
    new Worker(new URL('./analyst-worker.ts', import.meta.url), { type: 'module', name: 'analyst' });
  const training = new RenewedWorker<TrainerWorker>('training', startTrainer);
  const analysis = new RenewedWorker<Analyst>('analysis', startAnalyst);
  const reading = new RenewedWorker<Analyst>('reading', startAnalyst, false);
  return {
    trainer: trainerClient(training),
    ask: remembering(analystClient(analysis, reading)),
    haveSpares: async () => {
      await training.haveSpare();
      await analysis.haveSpare();
      await reading.haveSpare();
    },
  };
}

/** That of the recipe alone. */
function textsOf({ corpus }: Recipe, texts: GivenTexts): GivenTexts {
  const file = fileOf(corpus);
  const text = file === null ? undefined : own(texts, file);
  return text === undefined ? {} : { [file!]: typeof text === 'string' ? asSent(text) : text };
}

/** Milliseconds in which a training that is cancelled is to end by itself: it may be in the midst of a long step. */
const PATIENCE = 10_000;

export function trainerClient(worker: RenewedWorker<TrainerWorker>): Workers['trainer'] {
  const underWay = new Set<Promise<unknown>>();
  return {
    describe: (wanted) => worker.call((remote) => remote.describe(wanted)),
    useCpu: () => worker.call((remote) => remote.useCpu()),
    kernels: () => worker.call((remote) => remote.kernels()),
    prepare: (recipe, texts, onProgress) =>
      worker.call((remote) => remote.prepare(recipe, textsOf(recipe, texts), onProgress && proxy(onProgress))),
    batches: (...asked) => worker.call((remote) => remote.batches(...asked)),
    tryOut: (request) => worker.call((remote) => remote.tryOut(request)),
    assertFits: (request) => worker.call((remote) => remote.assertFits(request)),
    async train(request, reports) {
      const current = worker.call((remote) => remote.train(request, transfer(reports, [reports])));
      underWay.add(current);
      return current.finally(() => underWay.delete(current));
    },
    // The kind of a question still gives the type of its answer.
    learnt: (question) => worker.call((remote) => remote.learnt(question) as Promise<never>),
    stepLeft: (...left) => worker.call((remote) => remote.stepLeft(...left)),
    discardLeft: (...left) => worker.call((remote) => remote.discardLeft(...left)),
    pause: () => worker.call((remote) => remote.pause()),
    resume: () => worker.call((remote) => remote.resume()),
    cancel() {
      const cancelled = [...underWay];
      const end = () => {
        if (cancelled.some((training) => underWay.has(training)))
          worker.end(new Error('Training did not end when it was cancelled, and was ended.'));
      };
      if (cancelled.length > 0) setTimeout(end, PATIENCE);
      return worker.call((remote) => remote.cancel());
    },
  };
}

/** The analyst as comlink sees it; the kind of a question still gives the type of its finding. */
type Analyst = (question: Question) => Finding;

/** What somebody types waits for no fit: a second analyst reads. */
const READING: readonly Kind[] = ['reading', 'table', 'joined'];

export const analystClient =
  (worker: RenewedWorker<Analyst>, reader = worker): Ask =>
  <K extends Kind>(question: Question<K>) =>
    (READING.includes(question.kind) ? reader : worker).call((remote) => remote(question) as Promise<Finding<K>>);
