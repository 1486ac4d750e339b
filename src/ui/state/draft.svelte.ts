/** The experiment as it is being entered. It may be wrong for a while; then it says which control is at fault, and why. */
import { parseExperiment, type Experiment } from '../../model/experiment.ts';
import { InputError } from '../../model/parse.ts';
import type { CorpusSpec, Schedule } from '../../model/recipe.ts';
import { presetExperiment, presets } from '../../model/presets.ts';
import { readPath, writePath } from './field-path.ts';

export type LadderPart = 'rungs' | 'targets';

export class Draft {
  /** As typed: a number that is not one yet is NaN. */
  values = $state<Experiment>(presetExperiment(presets[0].id));

  readonly checked: { experiment: Experiment; problem: null } | { experiment: null; problem: InputError } = $derived.by(
    () => {
      try {
        return { experiment: parseExperiment($state.snapshot(this.values)), problem: null };
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        return { experiment: null, problem: error };
      }
    },
  );

  /** Id of the preset that the draft still equals; null once anything was changed. */
  readonly presetId = $derived.by(() => {
    const now = JSON.stringify(this.checked.experiment);
    return presets.find((preset) => JSON.stringify(presetExperiment(preset.id)) === now)?.id ?? null;
  });

  read(path: string): unknown {
    return readPath(this.values, path);
  }

  write(path: string, value: unknown): void {
    writePath(this.values, path, value);
  }

  choosePreset(id: string): void {
    this.values = presetExperiment(id);
  }

  replace(experiment: Experiment): void {
    this.values = structuredClone(experiment);
  }

  /** Sentence for the control at `path`, which is called `label` on the page; null when it is not the one at fault. */
  faultAt(path: string, label?: string): string | null {
    const { problem } = this.checked;
    return problem && problem.field === path ? plainSentence(problem, label) : null;
  }

  setParametrization(index: number, parametrization: 'mup' | 'sp'): void {
    const recipe = this.values.recipes[index];
    recipe.parametrization = parametrization;
    // A name that only ever said the parametrization goes on saying it.
    if (recipe.name === 'muP' || recipe.name === 'SP') recipe.name = parametrization === 'mup' ? 'muP' : 'SP';
  }

  setSchedule(index: number, kind: Schedule['kind']): void {
    const { warmup } = this.values.recipes[index].schedule;
    const schedules: Record<Schedule['kind'], Schedule> = {
      constant: { kind: 'constant', warmup },
      cosine: { kind: 'cosine', warmup, final: 0 },
      wsd: { kind: 'wsd', warmup, decay: 0.2 },
    };
    this.values.recipes[index].schedule = schedules[kind];
  }

  setCorpus(index: number, corpus: CorpusSpec): void {
    this.values.recipes[index].corpus = corpus;
  }

  /**
   * Adds a width and keeps the ladder sorted.
   * @throws InputError and leaves the ladder as it was when the width cannot be trained.
   */
  addWidth(part: LadderPart, width: number): void {
    const now = $state.snapshot(this.values) as Experiment;
    const widths = [...now.ladder[part], width];
    parseExperiment({ ...now, ladder: { ...now.ladder, [part]: widths } });
    this.values.ladder[part] = widths.sort((a, b) => a - b);
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
