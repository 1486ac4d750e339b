/** Signals that end a training: the first asks it for what there is, a second one ends everything. */
import type { Training } from './training.ts';

/** What a shell says of a process that a signal ended. */
export const SIGNAL_EXITS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
type Signal = keyof typeof SIGNAL_EXITS;
const SIGNALS = Object.keys(SIGNAL_EXITS) as Signal[];

/** Time within which signals are one press of ctrl-C, in milliseconds: it can arrive from the terminal, and passed on by npm. */
const SAME_PRESS = 1000;

export class StopSignals {
  #training: Pick<Training, 'cancel'> | null = null;
  #first: { code: number; at: number } | null = null;
  readonly #tell: (text: string) => void;
  readonly #exit: (code: number) => void;

  constructor(
    private readonly process: Pick<NodeJS.Process, 'on' | 'off'>,
    tell: (text: string) => void,
    exit: (code: number) => void,
    private readonly now = () => performance.now(),
  ) {
    this.#tell = tell;
    this.#exit = exit;
    for (const signal of SIGNALS) process.on(signal, this.#hear);
  }

  /** From here on signals do what they do by themselves. */
  release(): void {
    for (const signal of SIGNALS) this.process.off(signal, this.#hear);
  }

  /** The exit code that tells of the signal that came; null while none did. */
  get code(): number | null {
    return this.#first?.code ?? null;
  }

  /** From here on a signal ends the training first; before, it ends the process at once. */
  end(training: Pick<Training, 'cancel'>): void {
    this.#training = training;
  }

  readonly #hear = (signal: NodeJS.Signals): void => {
    const code = SIGNAL_EXITS[signal as Signal];
    const now = this.now();
    if (this.#first && now - this.#first.at < SAME_PRESS) return;
    if (this.#first || !this.#training) return this.#exit(code);
    this.#first = { code, at: now };
    this.#tell('Stopping; once more to stop at once.');
    this.#training.cancel();
  };
}
