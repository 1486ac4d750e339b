/** The parameters of finished runs, as long as there is room for them; the oldest go first, and it is known of which. */
import { memoryBound } from '../model/memory.ts';
import type { Run } from '../model/run.ts';
import { countParameters, type ModelShape } from '../model/shape.ts';
import type { TrainedModel } from '../model/training.ts';

/** Bytes of all of them. */
const MOST_BYTES = 2 ** 28;

export const bytesOf = (shape: ModelShape): number => 4 * countParameters(shape).total;

/** Runs of one name and other settings are others, and so are those of another text. */
export function modelKey({ recipe, width, seed }: Run, textHash: string | null): string {
  return JSON.stringify([{ ...recipe, name: '' }, width, seed, textHash]);
}

export class KeptModels {
  private readonly models = new Map<string, TrainedModel>();
  private readonly dropped = new Set<string>();

  constructor(private readonly most = memoryBound(MOST_BYTES)) {}

  /** Which runs of a cohort are worth reading back: those of a sweep are too many, and none of them stands for its width. */
  worthKeeping(runs: readonly Run[], shape: ModelShape): string[] {
    const plain = runs.filter(({ overrides }) => Object.keys(overrides).length === 0);
    return plain.slice(0, Math.floor(this.most / bytesOf(shape))).map(({ id }) => id);
  }

  put(key: string, model: TrainedModel): void {
    this.models.delete(key);
    this.dropped.delete(key);
    this.models.set(key, model);
    for (const oldest of this.models.keys()) {
      if (this.bytes <= this.most) return;
      this.models.delete(oldest);
      this.dropped.add(oldest);
    }
  }

  get(key: string): TrainedModel | null {
    return this.models.get(key) ?? null;
  }

  /** Whether it was here, and went to make room. */
  wasDropped(key: string): boolean {
    return this.dropped.has(key);
  }

  private get bytes(): number {
    return [...this.models.values()].reduce((sum, { shape }) => sum + bytesOf(shape), 0);
  }
}
