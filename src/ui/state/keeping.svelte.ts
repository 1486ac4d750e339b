/** What was measured is kept in this browser as it comes; where the browser refuses, the page says so. */
import { untrack } from 'svelte';
import type * as saved from '../storage/saved.ts';
import type { Playground } from './playground.svelte.ts';
import type { StudyState } from './study.svelte.ts';

/** While it trains, copying all losses waits until what just came has been drawn. */
const DELAY_MS = 150;

export class Keeping {
  /** What is not kept, in words; empty while everything is. */
  refusal = $state('');
  #turn = Promise.resolve(true);
  /** What was kept last as under way. */
  #underWay: string | null = null;
  readonly #playground: Playground;
  readonly #shelf: Pick<typeof saved, 'save'>;

  constructor(playground: Playground, shelf: Pick<typeof saved, 'save'>) {
    this.#playground = playground;
    this.#shelf = shelf;
  }

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
    return (!study || (await this.keep(study))) && !losses?.unkept;
  }

  /** One after the other, each by the id that the one before was kept by. @returns whether nothing is left that is not kept. */
  keep(study: StudyState): Promise<boolean> {
    return (this.#turn = this.#turn.then(() => this.#keep(study)));
  }

  async #keep(study: StudyState): Promise<boolean> {
    const data = study.own.data();
    const { texts, training } = this.#playground;
    const begun = training.isBusy && training.study === study ? training.cohorts.flatMap(({ runs }) => runs) : [];
    const underWay = begun.length > 0 ? begun : undefined;
    // What was opened in their place is kept already, and may be another state of them.
    if (!data || data.id !== training.resultsId) return true;
    // Where nothing came of it, it is kept only to say that it is not under way any more.
    if (data.runs.length === 0 && !underWay && this.#underWay !== data.id) return true;
    // Also where the part that keeps could not be loaded.
    const id = await this.#shelf.save(data, texts, training.phase === 'done', underWay).catch(() => null);
    const isKept = id !== null;
    this.#underWay = underWay ? id : null;
    // Another page had kept something by its id meanwhile.
    if (isKept && id !== data.id && study.own.id === data.id) training.isKeptAs(study, id);
    this.refusal = isKept
      ? ''
      : 'What is measured here is not kept: this browser’s storage is blocked or full. Take result.json away before you leave.';
    return isKept;
  }
}
