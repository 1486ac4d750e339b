/** What the page needs of the services behind it; `main.ts` wires it to the workers, tests to events of their own. */
import type { Recipe } from '../../model/recipe.ts';
import type {
  ConductorEvent,
  ConductorOptions,
  CorpusFacts,
  EngineDescription,
  LeftCohorts,
  LearntModels,
  Texts,
} from '../../experiment/protocol.ts';
import type { Ask } from '../../analysis/ask.ts';
import type { Conducting } from './training.svelte.ts';

export interface Services extends LeftCohorts, LearntModels {
  ask: Ask;
  describe(): Promise<EngineDescription>;
  /** Trains on the CPU from now on. */
  useCpu(): Promise<EngineDescription>;
  /** Which kernel multiplies matrices of which shape on this adapter, as measured so far. */
  kernels(): Promise<Record<string, string>>;
  prepare(recipe: Recipe, texts: Texts, onProgress?: (share: number) => void): Promise<CorpusFacts>;
  /** Resolves once what may be needed after the server is gone stands by. @throws MissingPart where it cannot be loaded. */
  haveSpares(): Promise<void>;
  conduct(options: ConductorOptions, listener: (event: ConductorEvent) => void): Conducting;
}
