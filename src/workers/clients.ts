/** The services as a page sees them: each in a worker of its own, behind comlink. */
import { transfer, wrap, type Remote } from 'comlink';
import { carryErrors } from './error-transfer.ts';
import type { FitterService, TrainerService } from './protocol.ts';

export interface Services {
  trainer: TrainerService;
  fitter: FitterService;
  /** Ends the workers; what was under way is lost. */
  stop(): void;
}

export function startServices(): Services {
  carryErrors();
  const trainerWorker = new Worker(new URL('./trainer-worker.ts', import.meta.url), {
    type: 'module',
    name: 'trainer',
  });
  const fitterWorker = new Worker(new URL('./fitter-worker.ts', import.meta.url), { type: 'module', name: 'fitter' });
  return {
    trainer: trainerClient(wrap<TrainerService>(trainerWorker), endOf(trainerWorker, 'training')),
    fitter: fitterClient(wrap<FitterService>(fitterWorker), endOf(fitterWorker, 'fitting')),
    stop: () => {
      trainerWorker.terminate();
      fitterWorker.terminate();
    },
  };
}

/** Rejects when the worker fails outside a call, e.g. because its script cannot be loaded. */
export function endOf(worker: Pick<Worker, 'addEventListener'>, what: string): Promise<never> {
  const end = new Promise<never>((_, reject) => {
    worker.addEventListener('error', (event) => {
      const { message } = event as ErrorEvent;
      reject(new Error(`The ${what} worker stopped${message ? `: ${message}` : ''}. Reload the page to go on.`));
    });
  });
  end.catch(() => undefined);
  return end;
}

/** @param end rejects when the worker is gone; without it a call to it would wait for ever. */
export function trainerClient(remote: Remote<TrainerService>, end: Promise<never>): TrainerService {
  const orEnd = <T>(call: Promise<T>) => Promise.race([call, end]);
  return {
    describe: () => orEnd(remote.describe()),
    kernels: () => orEnd(remote.kernels()),
    prepare: (recipe, texts) => orEnd(remote.prepare(recipe, texts)),
    batches: (recipe) => orEnd(remote.batches(recipe)),
    assertFits: (request) => orEnd(remote.assertFits(request)),
    train: (request, reports) => orEnd(remote.train(request, transfer(reports, [reports]))),
    pause: () => orEnd(remote.pause()),
    resume: () => orEnd(remote.resume()),
    cancel: () => orEnd(remote.cancel()),
  };
}

export function fitterClient(remote: Remote<FitterService>, end: Promise<never>): FitterService {
  const orEnd = <T>(call: Promise<T>) => Promise.race([call, end]);
  return {
    fit: (request) => orEnd(remote.fit(request)),
    joint: (request) => orEnd(remote.joint(request)),
    ghosts: (request) => orEnd(remote.ghosts(request)),
    compare: (request) => orEnd(remote.compare(request)),
    plan: (request) => orEnd(remote.plan(request)),
    check: (request) => orEnd(remote.check(request)),
  };
}
