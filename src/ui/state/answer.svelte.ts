/** What a service says to the latest question, never to an earlier one: the law through points, the checks of a study. */
export class Answer<Question, Reply> {
  reply = $state.raw<Reply | null>(null);
  /** What the reply answers, which may be older than what is being asked. */
  answered = $state.raw<Question | null>(null);
  /** Why there is no answer, in one sentence. */
  problem = $state('');
  readonly #ask: (question: Question) => Promise<Reply>;
  readonly #isSame: (one: Question | null, other: Question | null) => boolean;
  #latest: Question | null = null;
  /** The question whose answer is awaited; a newer one waits for its turn, so that a burst asks twice and no more. */
  #isAsking = false;

  /** @param isSame whether two questions have one answer. */
  constructor(
    ask: (question: Question) => Promise<Reply>,
    isSame: (one: Question | null, other: Question | null) => boolean = Object.is,
  ) {
    this.#ask = ask;
    this.#isSame = isSame;
  }

  async follow(question: Question | null): Promise<void> {
    if (this.#isSame(question, this.#latest)) return;
    this.#latest = question;
    if (question === null) {
      this.reply = null;
      this.answered = null;
      this.problem = '';
      return;
    }
    if (this.#isAsking) return;
    this.#isAsking = true;
    try {
      await this.#askLatest();
    } finally {
      this.#isAsking = false;
    }
  }

  async #askLatest(): Promise<void> {
    let asked: Question | null = null;
    while (this.#latest !== null && this.#latest !== asked) {
      asked = this.#latest;
      let reply: Reply | null = null;
      let problem = '';
      try {
        reply = await this.#ask(asked);
      } catch (error) {
        problem = error instanceof Error ? error.message : String(error);
      }
      if (asked !== this.#latest) continue;
      this.reply = reply;
      this.answered = asked;
      this.problem = problem;
    }
  }
}
