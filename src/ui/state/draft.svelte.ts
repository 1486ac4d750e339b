/** The experiment as it is being entered. It may be wrong for a while; then it says which control is at fault, and why. */
import { parseExperiment, type Experiment } from '../../model/experiment.ts';
import { InputError } from '../../model/parse.ts';
import { presetExperiment, type Preset } from '../../model/presets.ts';
import type { StudyKind } from '../../model/study.ts';
import { changeSetting } from './change-setting.ts';
import { readPath } from './field-path.ts';
import { presetsOf } from './presets-of.ts';

export type LadderPart = 'rungs' | 'targets';

export class Draft {
  /** The presets it can start from. */
  readonly presets: readonly Preset[];
  /** As typed: a number that is not one yet is NaN. */
  values: Experiment;
  /** The preset that was last chosen, which what was changed since is told by; null where none was. */
  #from = $state<Preset | null>(null);
  /** What the page entered by itself. */
  #start: { values: Experiment; text: string };

  constructor(kind: StudyKind = 'prediction') {
    this.presets = presetsOf(kind);
    this.values = $state(presetExperiment(this.presets[0].id));
    this.#from = this.presets[0];
    this.#start = { values: this.values, text: JSON.stringify(this.values) };
  }

  /** Whether nobody has chosen or changed anything. */
  get isUntouched(): boolean {
    return this.values === this.#start.values && JSON.stringify(this.values) === this.#start.text;
  }

  /** The page's own choice of a preset, for want of anybody's. */
  startFrom(id: string): void {
    this.choosePreset(id);
    this.#start = { values: this.values, text: JSON.stringify(this.values) };
  }

  readonly checked: { experiment: Experiment; problem: null } | { experiment: null; problem: InputError } = $derived.by(
    () => {
      try {
        return { experiment: parseExperiment(this.snapshot()), problem: null };
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        return { experiment: null, problem: error };
      }
    },
  );

  /** Id of the preset that the draft still equals; null once anything was changed. */
  readonly presetId = $derived.by(() => {
    const now = JSON.stringify(this.checked.experiment);
    return this.presets.find(({ id }) => JSON.stringify(presetExperiment(id)) === now)?.id ?? null;
  });

  snapshot(): Experiment {
    return $state.snapshot(this.values) as Experiment;
  }

  read(path: string): unknown {
    return readPath(this.values, path);
  }

  /** Changes one setting, by its path inside a recipe, in each recipe of `indices`. */
  set(indices: readonly number[], path: string, value: unknown): void {
    for (const index of indices) changeSetting(this.values.recipes[index], path, value);
  }

  /** What it is called where it equals no preset. */
  get changedTitle(): string {
    return `${this.#from?.title ?? this.values.name} (changed)`;
  }

  choosePreset(id: string): void {
    this.#from = this.presets.find((preset) => preset.id === id) ?? null;
    this.values = presetExperiment(id);
  }

  replace(experiment: Experiment): void {
    this.#from = null;
    this.values = structuredClone(experiment);
  }

  /** Sentence for the control at `path`, which is called `label` on the page; null when it is not the one at fault. */
  faultAt(path: string, label?: string): string | null {
    const { problem } = this.checked;
    return problem && problem.field === path ? plainSentence(problem, label) : null;
  }

  /**
   * Adds a width and keeps the ladder sorted.
   * @throws InputError and leaves the ladder as it was when the width cannot be trained.
   */
  addWidth(part: LadderPart, width: number): void {
    const now = this.snapshot();
    const widths = [...now.ladder[part], width];
    this.assertNoWorse({ ...now, ladder: { ...now.ladder, [part]: widths } });
    this.values.ladder[part] = widths.sort((a, b) => a - b);
  }

  /** @throws InputError for a change that brings a problem of its own; one that was there before is told at its control. */
  assertNoWorse(changed: Experiment): void {
    try {
      parseExperiment(changed);
    } catch (error) {
      if (!(error instanceof InputError) || error.field !== this.checked.problem?.field) throw error;
    }
  }

  removeWidth(part: LadderPart, width: number): void {
    this.values.ladder[part] = this.values.ladder[part].filter((other) => other !== width);
  }

  /** A rung becomes a target, or the other way round. */
  moveWidth(from: LadderPart, width: number): void {
    const to = from === 'rungs' ? 'targets' : 'rungs';
    this.removeWidth(from, width);
    this.values.ladder[to] = [...this.values.ladder[to], width].sort((a, b) => a - b);
  }
}

/** A validation sentence as it stands beside its own control: without the path, and with the name that stands on the page. */
export function plainSentence({ message, field }: { message: string; field: string }, label?: string): string {
  let plain = message.replace(/^[a-zA-Z][\w.[\]]*: /, '');
  const key = field.split('.').pop()!;
  if (label && plain.startsWith(`${key} `)) plain = label + plain.slice(key.length);
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}
