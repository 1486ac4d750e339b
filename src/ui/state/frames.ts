/** When to draw what keeps coming: with the screen, but no oftener than eyes need, since drawing takes time from training. */

/** Ten drawings a second move smoothly enough for a number that a person reads. */
const PAUSE_MS = 100;

export type NextFrame = (flush: () => void) => void;

export const nextFrame: NextFrame = (flush) => {
  setTimeout(() => requestAnimationFrame(flush), PAUSE_MS);
};
