/** Follows an experiment's events and writes its dump as runs end, wherever the files go to. */
import type { Experiment } from '../model/experiment.ts';
import { withOverrides } from '../model/overrides.ts';
import type { Recipe } from '../model/recipe.ts';
import { batchesOf, runOf } from '../model/run.ts';
import { batchesBytes, batchesName, dumpManifest, parameterFiles, type DumpedRun } from './dump.ts';
import { cohortsOf, isProbed } from './cohorts.ts';
import { inOrder } from './in-order.ts';
import type { ConductorEvent, TrainerService } from './protocol.ts';

/** Writes the same bytes under each name. */
type WriteFiles = (names: string[], bytes: Uint8Array<ArrayBuffer>) => Promise<void>;

export class DumpWriter {
  private readonly vocabularies = new Map<string, number>();
  private readonly dumped: DumpedRun[] = [];
  /** Files are written one after another, so that few of them are in memory. */
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly experiment: Experiment,
    private readonly write: WriteFiles,
  ) {}

  hear(event: ConductorEvent): void {
    if (event.kind === 'corpus') this.vocabularies.set(event.facts.recipe, event.facts.vocabulary);
    if (event.kind !== 'run' || !event.parameters) return;
    const { result, parameters } = event;
    const recipe = withOverrides(this.recipe(result.recipe), result.overrides);
    const vocabulary = this.vocabularies.get(result.recipe)!;
    this.dumped.push({ result, recipe, vocabulary });
    this.writing = this.writing.then(async () => {
      for (const { name, bytes } of parameterFiles(result, recipe, vocabulary, parameters)) {
        await this.write([name], bytes);
      }
    });
    // Whoever awaits `finish` is told of a failure; until then it is nobody's.
    this.writing.catch(() => undefined);
  }

  /** Writes the batches and the manifest. @throws when any file could not be written. */
  async finish(trainer: Pick<TrainerService, 'batches'>): Promise<void> {
    await this.writing;
    for (const recipe of this.experiment.recipes) {
      const mine = this.dumped.filter(({ result }) => result.recipe === recipe.name);
      const runs = mine.map(({ result: { width, seed, overrides } }) => runOf(recipe, width, seed, overrides));
      for (const whose of new Set(runs.map(batchesOf))) {
        const alike = runs.filter((run) => batchesOf(run) === whose);
        const tokens = await trainer.batches(alike[0], isProbed(this.experiment));
        const names = alike.map(({ id }) => batchesName(id));
        await this.write(names, batchesBytes(recipe, tokens));
      }
    }
    const named = this.dumped.map((run) => ({ ...run, id: run.result.id }));
    const manifest = JSON.stringify(dumpManifest(inOrder(named, cohortsOf(this.experiment))), null, 1);
    await this.write(['manifest.json'], new TextEncoder().encode(manifest));
  }

  private recipe(name: string): Recipe {
    return this.experiment.recipes.find((recipe) => recipe.name === name)!;
  }
}
