/** What was measured is kept in this browser as it comes; where the browser refuses, the page says so. */
import { untrack } from 'svelte';
import type { Refusal } from '../storage/database.ts';
import type { save } from '../storage/keep.ts';
import type { Playground } from './playground.svelte.ts';
import type { StudyState } from './study.svelte.ts';

/** While it trains, copying all losses waits until what just came has been drawn. */
const DELAY_MS = 150;

/** Results that the storage refused. */
interface Unkept {
  study: StudyState;
  id: string;
  isFinished: boolean;
  refusal: Refusal;
}

export class Keeping {
  unkept = $state.raw<Unkept[]>([]);
  #turn = Promise.resolve(true);
  /** What was kept last as under way. */
  #underWay: string | null = null;
  readonly #playground: Playground;
  readonly #shelf: { save: typeof save };

  constructor(playground: Playground, shelf: { save: typeof save }) {
    this.#playground = playground;
    this.#shelf = shelf;
  }

  readonly isFull = $derived.by(() => this.unkept.some(({ refusal }) => refusal === 'full'));

  /** What is not kept, in words; empty while everything is. */
  readonly refusal = $derived.by(() => {
    if (this.unkept.length === 0) return '';
    const why = this.isFull ? 'full' : 'blocked, or does not answer';
    return `What is measured here is not kept: this browser’s storage is ${why}. Take result.json away before you leave.`;
  });

  /** To be run as an effect. */
  follow(): (() => void) | void {
    const { training, studies } = this.#playground;
    const study = Object.values(studies).find((one) => one === training.study);
    if (!study) return;
    void study.own.runs;
    void study.own.sealed;
    const { phase, cohorts } = training;
    void cohorts;
    if (phase === 'idle' || phase === 'preparing') return;
    const keep = () => void this.keep(study);
    if (!training.isBusy) return untrack(keep);
    const timer = setTimeout(keep, DELAY_MS);
    return () => clearTimeout(timer);
  }

  /** Keeps what every view holds; false where something could not be kept. */
  async keepAll(): Promise<boolean> {
    const { training, studies, losses } = this.#playground;
    losses?.keep();
    // Of the others nothing came since they were kept.
    const study = Object.values(studies).find((one) => one === training.study);
    if (study) await this.keep(study);
    return this.unkept.length === 0 && !losses?.unkept;
  }

  /** One after the other, each by the id that the one before was kept by. @returns whether nothing is left that is not kept. */
  keep(study: StudyState): Promise<boolean> {
    return (this.#turn = this.#turn.then(async () => {
      await this.#keep(study);
      // Where there is room again, there may be room for what was refused before.
      for (const one of this.unkept) if (one.study !== study) await this.#keep(one.study);
      return this.unkept.length === 0;
    }));
  }

  async #keep(study: StudyState): Promise<void> {
    const data = study.own.data();
    const { training } = this.#playground;
    const before = this.unkept.find((one) => one.study === study && one.id === data?.id);
    const isTrained = data?.id === training.resultsId;
    this.unkept = this.unkept.filter((one) => one.study !== study || one === before);
    // What was opened in their place is kept already, and may be another state of them.
    if (!data || !(isTrained || before)) return;
    const begun = training.isBusy && training.study === study ? training.cohorts.flatMap(({ runs }) => runs) : [];
    const underWay = begun.length > 0 ? begun : undefined;
    // Where nothing came of it, what was kept while it trained is not any more.
    if (data.runs.length === 0 && !underWay && this.#underWay !== data.id) return;
    const isFinished = isTrained ? training.phase === 'done' : before!.isFinished;
    // Also where the part that keeps could not be loaded.
    const refused = { refusal: 'blocked' } as const;
    const outcome = await this.#shelf.save(data, study.ownTexts, isFinished, underWay).catch(() => refused);
    const others = this.unkept.filter((one) => one !== before);
    if (outcome.refusal) {
      this.unkept = [...others, { study, id: data.id, isFinished, refusal: outcome.refusal }];
      return;
    }
    const { id } = outcome;
    this.unkept = others;
    if (isTrained) this.#underWay = underWay ? id : null;
    // Another page had kept something by its id meanwhile.
    if (id !== data.id && study.own.id === data.id) training.isKeptAs(study, id);
  }
}
