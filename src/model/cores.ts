/**
 * How many runs train side by side on a machine's cores. One core is left to the page and to whatever else a person does, but not one of two:
 * what that brings stands in docs/benchmarks.md, and the page draws between them.
 */
export const coresToTrainOn = (cores: number): number => Math.max(1, Math.min(cores, 2), cores - 1);
