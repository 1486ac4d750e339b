/** What the analyst says to the latest question about each thing on show. Read in a derived, which asks by being read: what nobody sees is never asked. */
import type { Finding, Kind, Question } from '../../analysis/analyse.ts';
import type { Ask } from '../../analysis/ask.ts';

/** A finding together with what it answers: its words and its marks are those of this question, not of one that is being asked. */
export interface Answered<K extends Kind, Q = Question<K>> {
  question: Q;
  finding: Finding<K>;
}

export interface Reply<K extends Kind, Q = Question<K>> {
  /** Null while there is none. */
  answered: Answered<K, Q> | null;
  /** Why there is no answer, in one sentence. */
  problem: string;
}

interface Subject {
  latest: Question | null;
  key: string;
  isAsking: boolean;
  standing: { answered: { question: Question; finding: Finding } | null; problem: string };
}

const NOTHING = { answered: null, problem: '' };
/** Things that are remembered, those asked about last. */
const MOST = 100;

export class Findings {
  readonly #ask: Ask;
  /** By what is asked about. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- written where it is read; `#answers` tells of it
  readonly #subjects = new Map<string, Subject>();
  #answers = $state(0);

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /**
   * The newest answer about this, which asks the question where it is another than before; a burst asks twice and no more.
   * @param about a recipe on an axis, a pair, a table: an answer about another one is never shown in its place.
   * @param question with whatever its answer is worded with; null asks nothing, and forgets what was answered.
   */
  on<K extends Kind, Q extends Question<K>>(about: string, question: (Q & { kind: K }) | null): Reply<K, Q> {
    void this.#answers;
    if (!question) {
      this.#subjects.delete(about);
      return NOTHING;
    }
    const subject = this.#subjects.get(about) ?? this.#begin(about);
    // Curves make long questions, and most readings bring the very one that is known.
    if (subject.latest !== question) {
      const before = subject.key;
      Object.assign(subject, { latest: question, key: JSON.stringify(question) });
      if (subject.key !== before && !subject.isAsking) void this.#follow(subject);
    }
    // What stands there answers a question of the same place in the page, and so of the same kind.
    return subject.standing as Reply<K, Q>;
  }

  #begin(about: string): Subject {
    const subject = { latest: null, key: '', isAsking: false, standing: NOTHING };
    this.#subjects.set(about, subject);
    if (this.#subjects.size > MOST) this.#subjects.delete(this.#subjects.keys().next().value!);
    return subject;
  }

  async #follow(subject: Subject): Promise<void> {
    subject.isAsking = true;
    // Not within the derived that asks; and a burst is over by then.
    await Promise.resolve();
    for (let asked = ''; asked !== subject.key;) {
      asked = subject.key;
      const standing = await this.#answer(subject.latest!);
      if (asked !== subject.key) continue;
      subject.standing = standing;
      this.#answers += 1;
    }
    subject.isAsking = false;
  }

  async #answer(question: Question): Promise<Subject['standing']> {
    try {
      const { kind, inputs } = question;
      return { answered: { question, finding: await this.#ask({ kind, inputs }) }, problem: '' };
    } catch (error) {
      return { answered: null, problem: error instanceof Error ? error.message : String(error) };
    }
  }
}
