/**
 * What goes wrong on a device, and who is told. WebGPU does not throw: it leaves out what it refuses and goes on, and what was never
 * written reads as zeros. So nothing that was read is believed before the errors of all that led to it are known.
 */

/** The device is there and refused or failed something: nothing that hangs on it was computed. */
export class DeviceError extends Error {
  override readonly name = 'DeviceError';

  /** @param what failed, as a sentence begins. @param message the browser's, whose first line says it and the others where. */
  constructor(what: string, message: string) {
    super(`${what}: ${message.split('\n')[0] || 'no reason given'}`);
  }
}

const KINDS = ['internal', 'out-of-memory', 'validation'] as const;

interface Refusal {
  kind: (typeof KINDS)[number];
  message: string;
}

/** Gives the commands at once, and tells the error that they led to when that is known; null when there is none. */
export async function refusalOf(device: GPUDevice, commands: () => void): Promise<Refusal | null> {
  for (const kind of KINDS) device.pushErrorScope(kind);
  let scopes: Promise<GPUError | null>[];
  try {
    commands();
  } finally {
    // The scopes of a device are a stack: nothing may come between, so none of this waits.
    scopes = KINDS.map(() => device.popErrorScope());
    for (const scope of scopes) scope.catch(() => undefined);
  }
  const errors = (await Promise.all(scopes)).reverse();
  const at = errors.findIndex((error) => error !== null);
  return at < 0 ? null : { kind: KINDS[at], message: errors[at]!.message };
}

/** Milliseconds in which a loss is announced once something has failed by it. */
const PATIENCE = 1000;
/** As long after a failure an error is its echo: what is torn down once no loss was announced may still fail by it. */
const ECHO = 2 * PATIENCE;

/**
 * Ends what waits for a device when the device is lost, or fails where nobody looked. Where nothing waits, an error ends what waits
 * next, or is nothing new: the echo of a failure that was told a moment ago.
 */
export class DeviceWatch {
  isLost = false;
  private loss: Error | null = null;
  /** Settles when the device is lost, never before. */
  private readonly lost: Promise<void>;
  /** A failure that came while nothing waited. */
  private untold: Error | null = null;
  /** When something that waited failed last, on the clock of `performance.now`. */
  private failedAt = -Infinity;
  private readonly waiting = new Set<(error: Error) => void>();

  constructor(device: GPUDevice) {
    this.lost = device.lost.then(({ message }) => {
      this.isLost = true;
      this.loss = new Error(`The graphics device was lost: ${message || 'no reason given'}.`);
      this.end(this.loss);
    });
    device.addEventListener('uncapturederror', ({ error }) =>
      this.end(new DeviceError('The graphics device failed', error.message)),
    );
  }

  /**
   * The work, or the first failure before its end: a lost device leaves some promises pending for ever. Not by `Promise.race`, for
   * which a device that is never lost would keep the result of every work.
   */
  orFailure<T>(work: Promise<T>): Promise<T> {
    const before = this.loss ?? this.untold;
    this.untold = null;
    return new Promise((resolve, reject) => {
      const fail = (error: Error) => {
        if (!this.waiting.delete(fail)) return;
        this.failedAt = performance.now();
        reject(error);
      };
      this.waiting.add(fail);
      work.then((value) => (this.waiting.delete(fail), resolve(value)), fail);
      if (before) fail(before);
    });
  }

  /** Whether the device is lost, asked after a failure: what was under way may fail a moment before the loss is announced. */
  async hasLost(): Promise<boolean> {
    const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE));
    await Promise.race([this.lost, patience]);
    return this.isLost;
  }

  private end(error: Error): void {
    if (this.waiting.size > 0) for (const fail of this.waiting) fail(error);
    else if (performance.now() - this.failedAt > ECHO) this.untold ??= error;
  }
}
