/** What must hold before a ladder is taken: every width fits on the device, and no target was measured before its seal. */
import { InputError, type Experiment } from '../model/experiment.ts';
import { locate } from './field-at-fault.ts';
import type { TrainerService } from './protocol.ts';
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
