/**
 * How many runs train side by side on a machine's cores. One core is left to the page and to whatever else a person does, but not one of two:
 * there the page draws between them, and they train 1.7 times as fast (docs/benchmarks.md).
 */
export const coresToTrainOn = (cores: number): number => Math.max(1, Math.min(cores, 2), cores - 1);
