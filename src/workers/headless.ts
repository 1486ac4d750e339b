/** The page that the command line drives: no interface, the same services and conductor, events and files passed out. */
import { startWorkers } from './clients.ts';
import { resultOf } from '../analysis/assemble.ts';
import { Conductor } from '../experiment/conductor.ts';
import { DumpWriter } from '../experiment/dump-writer.ts';
import { InputError } from '../model/parse.ts';
import type { ExperimentResult } from '../model/result.ts';
import type { ConductorEvent, ConductorOptions, EngineDescription } from '../experiment/protocol.ts';

export interface HeadlessRequest extends Pick<
  ConductorOptions,
  'experiment' | 'texts' | 'finished' | 'sealed' | 'engine'
> {
  dump: boolean;
}

/** What `run` ends with: errors are told as data, because an exception loses its field on the way out of the page. */
export type HeadlessOutcome =
  { result: ExperimentResult; problems: string[] } | { refused: { field: string; message: string } };

/** What the page offers to whoever drives it. */
export interface HeadlessPage {
  describe(): Promise<EngineDescription>;
  run(request: HeadlessRequest): Promise<HeadlessOutcome>;
  cancel(): void;
}

/** What whoever drives it must offer to the page. */
export interface HeadlessDriver {
  /** Events without the reports and without parameters. */
  mupEvent(event: ConductorEvent): Promise<void>;
  /** Part of a file, base64; the first part starts the files anew. */
  mupFile(names: string[], part: string, isFirst: boolean): Promise<void>;
}

declare global {
  interface Window extends HeadlessDriver {
    mupHeadless: HeadlessPage;
  }
}

const PROGRESS_MILLISECONDS = 200;
/** A part of a file is small enough for one message of the debugging protocol. */
const PART_BYTES = 6 * 2 ** 20;

const { trainer, ask } = startWorkers();
let conductor: Conductor | null = null;

window.mupHeadless = {
  describe: () => trainer.describe(),
  run: async ({ dump, ...begun }) => {
    const writer = dump ? new DumpWriter(begun.experiment, writeFiles) : null;
    const pass = passOut();
    conductor = new Conductor(trainer, ask, { ...begun, keepParameters: dump }, (event) => {
      writer?.hear(event);
      pass(event);
    });
    let record: Awaited<ReturnType<Conductor['run']>>;
    try {
      record = await conductor.run();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return { refused: { field: error.field, message: error.message } };
    }
    await writer?.finish(trainer);
    return resultOf(record, ask);
  },
  cancel: () => conductor?.cancel(),
};

/** Passes on what a command line shows, progress a few times a second. */
function passOut(): (event: ConductorEvent) => void {
  let last = -Infinity;
  return (event) => {
    if (event.kind === 'report') return;
    if (event.kind === 'progress') {
      if (performance.now() - last < PROGRESS_MILLISECONDS) return;
      last = performance.now();
    }
    void window.mupEvent(event.kind === 'run' ? { kind: 'run', result: event.result } : event);
  };
}

async function writeFiles(names: string[], bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  for (let at = 0; at < bytes.length; at += PART_BYTES) {
    await window.mupFile(names, await base64(bytes.subarray(at, at + PART_BYTES)), at === 0);
  }
}

function base64(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve((reader.result as string).split(',')[1]);
    reader.onerror = () => reject(new Error('The bytes could not be read.'));
    reader.readAsDataURL(new Blob([bytes]));
  });
}
