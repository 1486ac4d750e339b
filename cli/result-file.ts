/** `--out result.json`: there after every cohort, and says of itself that it is unfinished until it is finished. */
import { assembleResult, type ExperimentRecord } from '../src/analysis/assemble.ts';
import type { ExperimentResult } from '../src/model/result.ts';
import { Failure } from './command.ts';
import { canBeReplaced, reasonOf, replaceFile } from './output.ts';

export class ResultFile {
  readonly #path: string;
  readonly #stamped: (result: ExperimentResult) => ExperimentResult;
  readonly #tell: (text: string) => void;
  #hasFailed = false;

  /**
   * @param stamped a result with what names it and what made it.
   * @param tell is told once where an unfinished file cannot be written, which is no reason to end the training.
   */
  constructor(path: string, stamped: (result: ExperimentResult) => ExperimentResult, tell: (text: string) => void) {
    this.#path = path;
    this.#stamped = stamped;
    this.#tell = tell;
  }

  /** What is measured so far, without what follows from it. Through a pipe goes the finished result only. */
  keep(record: ExperimentRecord): void {
    if (!canBeReplaced(this.#path)) return;
    try {
      this.#write(this.#stamped(assembleResult({ ...record, unfinished: true }, { fits: [] })));
      this.#hasFailed = false;
    } catch (error) {
      if (!this.#hasFailed)
        this.#tell(`--out: "${this.#path}" cannot be written: ${reasonOf(error)}. Training goes on.`);
      this.#hasFailed = true;
    }
  }

  /** @param result stamped. @throws Failure when it cannot be written. */
  finish(result: ExperimentResult): void {
    try {
      this.#write(result);
    } catch (error) {
      throw new Failure(`--out: "${this.#path}" cannot be written: ${reasonOf(error)}.`);
    }
  }

  #write(result: ExperimentResult): void {
    replaceFile(this.#path, `${JSON.stringify(result, null, 1)}\n`);
  }
}
