/** The mean loss of every run over the evaluation window. */
import type { Program } from './program.ts';
import type { Session } from './session.ts';

export interface Evaluation {
  losses: Float32Array;
  /** Of each mean, over the sequences. */
  standardErrors: Float32Array;
}

interface EvaluationSizes {
  batch: number;
  runs: number;
  /** Sequences of the window; what fills up its last batch is not counted. */
  sequences: number;
  /** Batches that are given before the first of them is done. */
  ahead: number;
}

/** One submit a batch: the batch's number is written between them. @param what names them where they fail. */
export async function evaluate(
  session: Session,
  program: Program,
  { batch, runs, sequences, ahead }: EvaluationSizes,
  what: string,
): Promise<Evaluation> {
  const { evaluationClock, evaluationMeans } = program.io;
  const window = Math.ceil(sequences / batch) * batch;
  const done: Promise<unknown>[] = [];
  for (let i = 0; i < window / batch; i++) {
    await done[i - ahead];
    session.write(evaluationClock, new Uint32Array([i]));
    session.submit(what, program.evaluate);
    done.push(session.device.queue.onSubmittedWorkDone());
  }
  const means = new Float32Array(await session.read(evaluationMeans));
  const perRun = Array.from({ length: runs }, (_, r) =>
    meanAndError(means.subarray(r * window, r * window + sequences)),
  );
  return {
    losses: Float32Array.from(perRun, ([mean]) => mean),
    standardErrors: Float32Array.from(perRun, ([, error]) => error),
  };
}

function meanAndError(values: Float32Array): [mean: number, standardError: number] {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  const variance = values.length > 1 ? squares / (values.length - 1) : 0;
  return [mean, Math.sqrt(variance / values.length)];
}
