/** The services as a page sees them: each in a worker of its own, behind comlink. */
import { transfer, wrap, type Remote } from 'comlink';
import { Ending } from './ending.ts';
import { carryErrors } from './error-transfer.ts';
import type { TrainerService } from '../experiment/protocol.ts';
import type { Finding, Kind, Question } from '../analysis/analyse.ts';
import { remembering, type Ask } from '../analysis/ask.ts';

export interface Workers {
  trainer: TrainerService;
  ask: Ask;
  /** Ends the workers; what was under way is lost. */
  stop(): void;
}

export function startWorkers(): Workers {
  carryErrors();
  const trainerWorker = new Worker(new URL('./trainer-worker.ts', import.meta.url), {
    type: 'module',
    name: 'trainer',
  });
  const analystWorker = new Worker(new URL('./analyst-worker.ts', import.meta.url), {
    type: 'module',
    name: 'analyst',
  });
  return {
    trainer: trainerClient(wrap<TrainerService>(trainerWorker), endOf(trainerWorker, 'training')),
    ask: remembering(analystClient(wrap<Analyst>(analystWorker), endOf(analystWorker, 'analysis'))),
    stop: () => {
      trainerWorker.terminate();
      analystWorker.terminate();
    },
  };
}

/** Comes when the worker fails outside a call, e.g. because its script cannot be loaded. */
export function endOf(worker: Pick<Worker, 'addEventListener'>, what: string): Ending {
  const ending = new Ending();
  worker.addEventListener('error', (event) => {
    const { message } = event as ErrorEvent;
    ending.tell(new Error(`The ${what} worker stopped${message ? `: ${message}` : ''}. Reload the page to go on.`));
  });
  return ending;
}

/** @param ending of the worker; without it a call to one that is gone would wait for ever. */
export const trainerClient = (remote: Remote<TrainerService>, ending: Ending): TrainerService => ({
  describe: () => ending.or(remote.describe()),
  kernels: () => ending.or(remote.kernels()),
  prepare: (recipe, texts) => ending.or(remote.prepare(recipe, texts)),
  batches: (recipe) => ending.or(remote.batches(recipe)),
  assertFits: (request) => ending.or(remote.assertFits(request)),
  train: (request, reports) => ending.or(remote.train(request, transfer(reports, [reports]))),
  pause: () => ending.or(remote.pause()),
  resume: () => ending.or(remote.resume()),
  cancel: () => ending.or(remote.cancel()),
});

/** The analyst as comlink sees it; the kind of a question still gives the type of its finding. */
type Analyst = (question: Question) => Finding;

export const analystClient =
  (remote: Remote<Analyst>, ending: Ending): Ask =>
  <K extends Kind>(question: Question<K>) =>
    ending.or(remote(question) as Promise<Finding<K>>);
