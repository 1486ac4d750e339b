/** A worker without a thread: a service behind comlink at the other end of a channel. */
import { expose } from 'comlink';
import { answerPulse } from '../../../src/workers/pulse.ts';

export class FakeWorker {
  /** As the page that started it sees it. */
  readonly page: Worker;
  isEnded = false;
  readonly #inside: MessagePort;

  constructor(service: object) {
    const { port1, port2 } = new MessageChannel();
    this.#inside = port1;
    this.page = Object.assign(port2, { terminate: () => this.end() }) as unknown as Worker;
    answerPulse(port1);
    expose(service, port1);
  }

  /** As an uncaught error does, or without a message as a script that cannot be loaded. */
  fail(message?: string): void {
    this.page.dispatchEvent(Object.assign(new Event('error'), { message }));
  }

  /** Without a word. */
  end(): void {
    this.isEnded = true;
    this.#inside.close();
  }
}
