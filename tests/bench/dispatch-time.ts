/** The time of one launch, by repeating it within one submit. */
import type { Session } from '../../src/gpu/session.ts';
import type { Launch } from '../../src/gpu/tape.ts';

/** A submit lasts about this long, so that what a submit itself costs does not count; milliseconds. */
const SUBMIT = 15;
const MOST_REPETITIONS = 500;

/** Milliseconds of one launch. */
export async function elapsed(session: Session, launch: Launch): Promise<number> {
  const once = await submitted(session, launch, 1);
  const repetitions = Math.min(MOST_REPETITIONS, Math.ceil(SUBMIT / Math.max(once, 0.02)));
  return (await submitted(session, launch, repetitions)) / repetitions;
}

async function submitted(session: Session, launch: Launch, repetitions: number): Promise<number> {
  const encoder = session.device.createCommandEncoder({ label: 'bench' });
  const pass = encoder.beginComputePass({ label: 'bench' });
  for (let i = 0; i < repetitions; i++) session.encode(pass, [launch]);
  pass.end();
  const begun = performance.now();
  session.device.queue.submit([encoder.finish()]);
  await session.device.queue.onSubmittedWorkDone();
  return performance.now() - begun;
}
