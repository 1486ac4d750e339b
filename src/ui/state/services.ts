/** What the page needs of the services behind it; `main.ts` wires it to the workers, tests to events of their own. */
import type { Recipe } from '../../model/recipe.ts';
import type { Checks } from '../../model/check-results.ts';
import type {
  CheckRequest,
  ConductorEvent,
  ConductorOptions,
  CorpusFacts,
  EngineDescription,
  Texts,
} from '../../workers/protocol.ts';
import type { FitReport, FitRequest } from '../../scaling/report.ts';
import type { Conducting } from './training.svelte.ts';

export interface Services {
  describe(): Promise<EngineDescription>;
  /** Which kernel multiplies matrices of which shape on this adapter, as measured so far. */
  kernels(): Promise<Record<string, string>>;
  prepare(recipe: Recipe, texts: Texts): Promise<CorpusFacts>;
  fit(request: FitRequest): Promise<FitReport>;
  check(request: CheckRequest): Promise<Checks>;
  conduct(options: ConductorOptions, listener: (event: ConductorEvent) => void): Conducting;
}
