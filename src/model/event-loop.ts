/** Giving the event loop its turn inside long work, so that messages and timers are heard. */
const TURN_MILLISECONDS = 20;

export class EventLoopTurns {
  private last = performance.now();

  /** @param milliseconds between two turns. */
  constructor(private readonly milliseconds = TURN_MILLISECONDS) {}

  /** Resolves at once, or after the event loop has worked when its last turn was long enough ago. */
  async giveWhenDue(): Promise<void> {
    if (performance.now() - this.last < this.milliseconds) return;
    await nextTask();
    this.last = performance.now();
  }
}

/**
 * Not by `setTimeout`, which waits at least four milliseconds in browsers when nested: a fifth of the time between two turns.
 * A message to oneself is as good as immediate there; in Node, though, a port goes on handling messages that arrive
 * meanwhile and lets nothing else in, and `setImmediate` is the way.
 */
function nextTask(): Promise<void> {
  if (typeof setImmediate === 'function') return new Promise((resolve) => setImmediate(resolve));
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
