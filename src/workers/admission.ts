/**
 * What must hold before anything trains: every width fits on the device, no target was measured before its seal, and what
 * is gone on from was measured on the same text.
 */
import type { Experiment } from '../model/experiment.ts';
import { InputError } from '../model/parse.ts';
import type { Recipe } from '../model/recipe.ts';
import type { RunResult } from '../model/result.ts';
import { locate } from './field-at-fault.ts';
import type { CorpusFacts, TrainerService } from './protocol.ts';
import { sealOf, type Standing } from './queue.ts';

/**
 * Asks the trainer about every wanted width of every recipe; `goesOn` ends the asking early.
 * @throws InputError naming the width or the field of the recipe that is too large.
 */
export async function assertLadderFits(
  trainer: Pick<TrainerService, 'assertFits'>,
  { recipes, ladder, seeds }: Experiment,
  isWanted: (width: number) => boolean,
  goesOn: () => boolean,
): Promise<void> {
  for (const part of ['rungs', 'targets'] as const) {
    for (const [w, width] of ladder[part].entries()) {
      if (!isWanted(width)) continue;
      for (const [i, recipe] of recipes.entries()) {
        if (!goesOn()) return;
        await locate(`recipes[${i}]`, `ladder.${part}[${w}]`, trainer.assertFits({ recipe, width, seeds }));
      }
    }
  }
}

/**
 * Runs of results that do not tell their text pass.
 * @param index of the recipe in its experiment.
 * @throws InputError when the finished runs of the recipe were trained on a text other than the one given now.
 */
export function assertSameText(
  { name, corpus }: Recipe,
  index: number,
  { textHash }: Pick<CorpusFacts, 'textHash'>,
  finished: readonly Pick<RunResult, 'recipe' | 'textHash'>[],
): void {
  const mine = finished.filter((run) => run.recipe === name);
  if (corpus.kind !== 'text' || !mine.some((run) => run.textHash != null && run.textHash !== textHash)) return;
  const field = `recipes[${index}].corpus.file`;
  throw new InputError(
    field,
    `${field}: the text "${corpus.file}" is not the one that the finished runs were trained on; choose that text, or train again to start over with this one.`,
  );
}

/**
 * A width that was measured, or is being measured, without a seal must not become a target.
 * @param training the cohort that trains now.
 */
export function assertTargetsUnmeasured(
  targets: readonly number[],
  { recipes, runs, sealed }: Pick<Standing, 'recipes' | 'runs' | 'sealed'>,
  training: { recipe: string; width: number } | null,
): void {
  const measured = [...runs, ...(training ? [training] : [])];
  for (const recipe of recipes) {
    for (const [i, width] of targets.entries()) {
      if (sealOf(sealed, recipe, width)) continue;
      if (!measured.some((run) => run.recipe === recipe.name && run.width === width)) continue;
      const field = `ladder.targets[${i}]`;
      throw new InputError(
        field,
        `${field}: width ${width} was trained already; a target must be sealed before it trains.`,
      );
    }
  }
}
