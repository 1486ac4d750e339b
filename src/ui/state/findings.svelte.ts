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
  /** Whether the first answer about this is on its way: there is none to show, and not because there could be none. */
  isPending: boolean;
}

interface Subject {
  latest: Question | null;
  key: string;
  /** The question that stands answered, or was refused. */
  answeredKey: string;
  isAsking: boolean;
  /** Number of the answer after which it was last read. */
  readAfter: number;
  standing: { answered: { question: Question; finding: Finding } | null; problem: string; isPending: boolean };
}

const NOTHING = { answered: null, problem: '', isPending: false };
/** Things that are remembered beside those that are on show. */
const MOST = 100;

export class Findings {
  readonly #ask: Ask;
  /** By what is asked about. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- written where it is read; `#answers` tells of it
  readonly #subjects = new Map<string, Subject>();
  #answers = $state(0);
  /** The same number, for what must not be read anew with each answer. */
  #answered = 0;

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
    subject.readAfter = this.#answered;
    // Curves make long questions, and most readings bring the very one that is known.
    if (subject.latest !== question) {
      const before = subject.key;
      Object.assign(subject, { latest: question, key: JSON.stringify(question) });
      if (subject.key !== before && !subject.isAsking) void this.#follow(subject);
    }
    // What stands there answers a question of the same place in the page, and so of the same kind.
    return subject.standing as Reply<K, Q>;
  }

  /** As `on`, where an answer to an earlier question must not be seen: one of a table that was changed. */
  exactly<K extends Kind, Q extends Question<K>>(about: string, question: (Q & { kind: K }) | null): Reply<K, Q> {
    const reply = this.on<K, Q>(about, question);
    return this.isSettled(about) ? reply : { ...NOTHING, isPending: true };
  }

  /** Whether the latest question about this is answered, or refused; what stands there is of an earlier one otherwise. */
  isSettled(about: string): boolean {
    void this.#answers;
    const subject = this.#subjects.get(about);
    return !subject || subject.answeredKey === subject.key;
  }

  /** The answer to a question that nothing on show asks. @throws as the analyst */
  once<K extends Kind>(question: Question<K>): Promise<Finding<K>> {
    return this.#ask(question);
  }

  #begin(about: string): Subject {
    for (const [other, { readAfter, isAsking }] of this.#subjects) {
      if (this.#subjects.size < MOST) break;
      // What is on show was read after the last answer, however long ago it was begun.
      if (readAfter < this.#answered && !isAsking) this.#subjects.delete(other);
    }
    const subject: Subject = {
      ...{ latest: null, key: '', answeredKey: '', isAsking: false, readAfter: this.#answered },
      standing: { ...NOTHING, isPending: true },
    };
    this.#subjects.set(about, subject);
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
      Object.assign(subject, { standing, answeredKey: asked });
      this.#answered += 1;
      this.#answers = this.#answered;
    }
    subject.isAsking = false;
  }

  async #answer(question: Question): Promise<Subject['standing']> {
    try {
      const { kind, inputs } = question;
      return { answered: { question, finding: await this.#ask({ kind, inputs }) }, problem: '', isPending: false };
    } catch (error) {
      return { ...NOTHING, problem: error instanceof Error ? error.message : String(error) };
    }
  }
}
