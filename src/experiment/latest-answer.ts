/** What a service says to the latest question about the runs there are: an answer that was overtaken is not told. */
export class LatestAnswer<Question, Reply> {
  /** Null while there is none to the latest question. */
  latest: Reply | null = null;
  private asked = 0;
  private answering: Promise<void> = Promise.resolve();

  /** @param fail is told why a question was not answered: what is measured stays worth having, so training goes on. */
  constructor(
    private readonly answer: (question: Question) => Promise<Reply>,
    private readonly tell: (reply: Reply) => void,
    private readonly fail: (why: string) => void,
  ) {}

  /** Resolves when the latest question is answered, be it this one or one that overtook it. @param question null asks nothing. */
  async ask(question: Question | null): Promise<void> {
    this.answering = this.follow(++this.asked, question);
    let awaited: Promise<void>;
    do {
      awaited = this.answering;
      await awaited;
    } while (awaited !== this.answering);
  }

  private async follow(number: number, question: Question | null): Promise<void> {
    this.latest = null;
    if (question === null) return;
    try {
      const reply = await this.answer(question);
      if (this.asked !== number) return;
      this.latest = reply;
      this.tell(reply);
    } catch (error) {
      if (this.asked === number) this.fail(error instanceof Error ? error.message : String(error));
    }
  }
}
