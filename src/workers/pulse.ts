/** Asking a worker whether it is still there, and its answer: a browser that ends a worker for its memory tells nobody. */

/** A message that comlink, which shares the way, passes over on both sides. */
export const PULSE = 0;

type Side = Pick<Worker, 'addEventListener' | 'postMessage'>;

/** To be called in the worker. */
export function answerPulse(side: Side = self as unknown as Side): void {
  side.addEventListener('message', ({ data }) => {
    if (data === PULSE) side.postMessage(PULSE);
  });
}
