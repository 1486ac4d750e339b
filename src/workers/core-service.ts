/** A core as a worker offers it: the reference trains there what it is given; its reports, and the tokens that it asks for, go through a port. */
import { transfer } from 'comlink';
import { sendReport } from '../experiment/report-port.ts';
import type {
  Cohort,
  RunOutcome,
  TokenStream,
  TrainingEngine,
  TrainingOptions,
  TrainingReport,
} from '../model/training.ts';
import type { Core } from '../reference/across-cores.ts';
import type { RenewedWorker } from './renewed-worker.ts';

/** A cohort whose segments are asked for. */
interface SentCohort extends Omit<Cohort, 'stream'> {
  stream: Omit<TokenStream, 'segment'>;
}

export interface CoreService {
  /** Resolves once it can train. */
  isReady(): true;
  /**
   * @param port receives the `TrainingReport` messages, which segment of tokens is wanted and, as the last one, the outcomes; it takes
   *   `HEARD` for each report, the segments, and `STOP`.
   * @throws what the engine throws.
   */
  train(cohort: SentCohort, keepParameters: TrainingOptions['keepParameters'], port: MessagePort): Promise<void>;
}

const STOP = 'stop';
const HEARD = 'heard';
/** Reports that a core goes on behind: a training that is paused does not hear of it, and waits for its reports to be heard. */
const MOST_UNHEARD = 2;

interface Wanted {
  kind: 'wanted';
  segment: number;
}

export function coreServiceOf(engine: Pick<TrainingEngine, 'train'>): CoreService {
  return {
    isReady: () => true,
    async train(cohort, keepParameters, port) {
      const stopped = new AbortController();
      let unheard = 0;
      let wake = () => {};
      let take = (_: Uint32Array) => {};
      port.onmessage = ({ data }: MessageEvent<typeof STOP | typeof HEARD | Uint32Array>) => {
        if (data instanceof Uint32Array) return take(data);
        if (data === STOP) stopped.abort();
        else unheard--;
        wake();
      };
      /** One is asked for once the one before has come. */
      const segment = (index: number) =>
        new Promise<Uint32Array>((resolve) => {
          take = resolve;
          port.postMessage({ kind: 'wanted', segment: index } satisfies Wanted);
        });
      const outcomes = await engine.train(
        { ...cohort, stream: { ...cohort.stream, segment } },
        {
          signal: stopped.signal,
          keepParameters,
          untilResumed: async () => {
            while (unheard >= MOST_UNHEARD && !stopped.signal.aborted) {
              await new Promise<void>((resolve) => (wake = resolve));
            }
          },
          onReport: (report) => {
            unheard++;
            sendReport(port, report);
          },
        },
      );
      port.postMessage(outcomes);
    },
  };
}

/** @param start a worker that offers a `CoreService`, or gives one that was started before it is needed. */
export function coreOf(start: () => RenewedWorker<CoreService>): Core {
  let worker: RenewedWorker<CoreService> | null = null;
  return {
    async train(cohort, { keepParameters, onReport, signal, untilResumed }: TrainingOptions) {
      worker ??= start();
      const { segment, ...stream } = cohort.stream;
      const { port1: port, port2 } = new MessageChannel();
      const stop = () => port.postMessage(STOP);
      const ended = new Promise<RunOutcome[]>((resolve, reject) => {
        const hear = async (data: TrainingReport | Wanted | RunOutcome[]) => {
          if (Array.isArray(data)) return resolve(data);
          if (data.kind === 'wanted') return port.postMessage(await segment(data.segment));
          onReport(data);
          await untilResumed();
          port.postMessage(HEARD);
        };
        port.onmessage = ({ data }) => void hear(data).catch(reject);
      });
      if (signal.aborted) stop();
      signal.addEventListener('abort', stop);
      try {
        const call = worker.call((remote) =>
          remote.train({ ...cohort, stream }, keepParameters, transfer(port2, [port2])),
        );
        // What fails here is nothing that the worker knows of: it would wait for ever.
        await Promise.race([call, ended]);
        return await ended;
      } catch (error) {
        stop();
        throw error;
      } finally {
        signal.removeEventListener('abort', stop);
        port.close();
      }
    },
  };
}
