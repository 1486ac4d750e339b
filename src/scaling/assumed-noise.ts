/** What every kind of law takes for the noise of a run where the losses themselves show too little of it; shares of the loss. */

/** The smallest noise that is believed: keeps exact data from giving intervals of no width. */
export const LEAST_NOISE = 5e-5;
/** Imagined where three points cannot show any, of one law. */
export const THREE_POINT_NOISE = 1e-3;
/** The same for two laws at once: each of them has three points then, and the difference of the two is what is asked. */
export const THREE_POINT_NOISE_OF_TWO = 2e-3;
