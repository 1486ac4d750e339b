/**
 * Giving the event loop its turn inside long work. Through a message channel, because a nested `setTimeout` waits at least
 * four milliseconds in browsers: a fifth of the time between two turns.
 */
const TURN_MILLISECONDS = 20;

export class EventLoopTurns {
  private readonly channel = new MessageChannel();
  private last = performance.now();
  private wake = () => {};

  constructor() {
    this.channel.port1.onmessage = () => this.wake();
  }

  /** Resolves at once, or after the event loop has worked when its last turn was long enough ago. */
  async giveWhenDue(): Promise<void> {
    if (performance.now() - this.last < TURN_MILLISECONDS) return;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      this.channel.port2.postMessage(null);
    });
    this.last = performance.now();
  }

  /** Closes the channel, which would otherwise keep a Node process alive. */
  end(): void {
    this.channel.port1.close();
  }
}
