/** The cores of this machine, each trained on by a thread of this process. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker as Thread } from 'node:worker_threads';
import type { Core } from '../src/reference/across-cores.ts';
import { coreOf, type CoreService } from '../src/workers/core-service.ts';
import { carryErrors } from '../src/workers/error-transfer.ts';
import { RenewedWorker, type WorkerSide } from '../src/workers/renewed-worker.ts';
import { ROOT } from './root.ts';

const CORE = pathToFileURL(join(ROOT, 'cli/core-thread.ts')).href;
/** Node 20 gives a thread no loader for the module that it begins with, not even that of its parent. */
const LOAD = `import('tsx/esm/api').then(({ register }) => { register(); return import(${JSON.stringify(CORE)}); })`;

interface ThreadCores {
  all: Core[];
  /** Ends their threads. */
  end(): void;
}

export function threadCores(count: number): ThreadCores {
  carryErrors();
  const threads = new Set<WorkerSide>();
  const start = () => {
    const thread = startThread();
    threads.add(thread);
    return thread;
  };
  const all = Array.from({ length: count }, () => coreOf(() => new RenewedWorker<CoreService>('training', start)));
  return { all, end: () => threads.forEach((thread) => thread.terminate()) };
}

/** A thread as a worker of the web looks. */
function startThread(): WorkerSide {
  const thread = new Thread(LOAD, { eval: true, execArgv: [] });
  const passing = new Map<unknown, (data: unknown) => void>();
  return {
    addEventListener(type: string, listener: unknown) {
      const hear = listener as (event: object) => void;
      if (type === 'message') {
        const pass = (data: unknown) => hear({ data });
        passing.set(listener, pass);
        thread.on('message', pass);
      } else {
        thread.on('error', ({ message }) => hear({ message }));
        thread.on('exit', () => hear({ message: 'it ended' }));
      }
    },
    removeEventListener: (_type: string, listener: unknown) => void thread.off('message', passing.get(listener)!),
    postMessage: (message: unknown, transferred: unknown = []) =>
      thread.postMessage(message, transferred as Parameters<Thread['postMessage']>[1]),
    terminate: () => void thread.terminate(),
  };
}
