/** What a section of the bench is given: one adapter, and how thorough to be. */
import type { GpuEngine } from '../../src/gpu/engine.ts';
import type { AdapterInfo } from '../../src/model/training.ts';

export interface BenchGpu {
  device: GPUDevice;
  adapter: AdapterInfo;
  engine: GpuEngine;
}

export interface SectionOptions {
  /** Few sizes and few repetitions: whether it works, and a rough figure. */
  quick: boolean;
  /** Says how far it has come. */
  tell(text: string): void;
}

/** Measures on an adapter, in a page or in Node alike, and returns plain data. */
export type Section<Figures> = (gpu: BenchGpu, options: SectionOptions) => Promise<Figures>;
