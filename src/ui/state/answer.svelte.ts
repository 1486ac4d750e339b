/** What a service says to the latest question, never to an earlier one: the law through points, the checks of a study. */

/** A reply together with what it answers: its words and its marks are those of this question, not of one that is being asked. */
export interface Answered<Question, Reply> {
  question: Question;
  reply: Reply;
}

interface Asked<Question> {
  question: Question;
  /** What it is asked about: a recipe on an axis, a table. */
  about: string;
}

export class Answer<Question, Reply> {
  /** Why there is no answer, in one sentence. */
  problem = $state('');
  #given = $state.raw<(Answered<Question, Reply> & { about: string }) | null>(null);
  readonly #ask: (question: Question) => Promise<Reply>;
  readonly #isSame: (one: Question, other: Question) => boolean;
  #latest: Asked<Question> | null = null;
  /** A question is out, and a newer one waits for its turn, so that a burst asks twice and no more. */
  #isAsking = false;

  /** @param isSame whether two questions about one thing have one answer. */
  constructor(
    ask: (question: Question) => Promise<Reply>,
    isSame: (one: Question, other: Question) => boolean = Object.is,
  ) {
    this.#ask = ask;
    this.#isSame = isSame;
  }

  /** The latest answer, if it is about this: one about another recipe, table or axis must not be shown in its place. */
  on(about: string): Answered<Question, Reply> | null {
    return this.#given?.about === about ? this.#given : null;
  }

  /** @param question null asks nothing, and forgets what was answered. */
  async follow(question: Question | null, about = ''): Promise<void> {
    if (question === null) {
      this.#latest = null;
      this.#given = null;
      this.problem = '';
      return;
    }
    const latest = this.#latest;
    if (latest?.about === about && this.#isSame(latest.question, question)) return;
    this.#latest = { question, about };
    if (this.#isAsking) return;
    this.#isAsking = true;
    try {
      await this.#askLatest();
    } finally {
      this.#isAsking = false;
    }
  }

  async #askLatest(): Promise<void> {
    let asked: Asked<Question> | null = null;
    while (this.#latest !== null && this.#latest !== asked) {
      asked = this.#latest;
      let given: (Answered<Question, Reply> & { about: string }) | null = null;
      let problem = '';
      try {
        given = { ...asked, reply: await this.#ask(asked.question) };
      } catch (error) {
        problem = error instanceof Error ? error.message : String(error);
      }
      if (asked !== this.#latest) continue;
      this.#given = given;
      this.problem = problem;
    }
  }
}
