/** Files, or an address, on their way to a text to train on. The page goes on meanwhile: nothing takes longer than some milliseconds at once. */
import { SvelteMap } from 'svelte/reactivity';
import { decoding, decodingPasted } from '../../data/text/decode.ts';
import type { Encoding } from '../../data/text/encodings.ts';
import { TextHash } from '../../data/text/hash.ts';
import { FilesToJoin, type JoinedText } from '../../data/text/joined-files.ts';
import { InputError } from '../../model/parse.ts';
import { EventLoopTurns } from '../../model/event-loop.ts';
import { fileBytes, type GivenFile } from '../state/file-bytes.ts';
import { plainSentence } from '../state/draft.svelte.ts';
import { knowHash } from '../storage/texts.ts';
import { knowBlob } from '../../workers/text-blobs.ts';
import { addressOf, fetchedFile, type Wanted } from '../link/fetched-file.ts';

export const TEXT: Wanted = { field: 'corpus.file', noun: 'text', example: 'https://example.org/book.txt' };

interface ReadText extends Pick<JoinedText, 'text' | 'notes' | 'guessed'> {
  /** To be read again in another encoding. */
  given: readonly GivenFile[];
  /** The encoding that a person chose in place of the guess. */
  chosen: Encoding | null;
}

/** What is known of the texts that were read in this visit, by name. */
export const readTexts = new SvelteMap<string, ReadText>();

/** Name of what was pasted. */
export const PASTED = 'pasted text';

/** Milliseconds before it is worth a word. */
const PATIENCE = 250;

interface HowRead {
  chosen?: Encoding | null;
  decode?: typeof decoding;
  /** What is to be said of it beside what is found. */
  notes?: string[];
}

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(bytes < 10e6 ? 1 : 0);

export class TextReading {
  /** Whether something goes on that has lasted a while. */
  isLasting = $state(false);
  doing = $state('');
  /** The share that is done; null where that is not known. */
  share = $state<number | null>(null);
  problem = $state('');
  #under: AbortController | null = null;

  /** @param use what is done with the text. */
  constructor(private readonly use: (name: string, text: string) => void) {}

  readFiles = (given: readonly GivenFile[], chosen: Encoding | null = null): Promise<void> =>
    this.#during((signal) => this.#read(given, signal, { chosen }));

  /** Of an emptied box nothing is read. */
  readPasted = (pasted: string): Promise<void> =>
    this.#during(async (signal) => {
      if (pasted === '') return;
      await this.#read([{ file: new File([pasted], PASTED), path: PASTED }], signal, { decode: decodingPasted });
    });

  readAddress = (typed: string): Promise<void> =>
    this.#during(async (signal) => {
      const url = addressOf(typed, TEXT);
      this.#tell(`Asking ${url.host}`, null);
      const { file, isPage } = await fetchedFile(url, TEXT, signal, (bytes, total) => {
        this.#tell(
          `${megabytes(bytes)} ${total ? `of ${megabytes(total)} ` : ''}MB of ${url.host}`,
          total && bytes / total,
        );
      });
      const notes = isPage ? ['It came as a web page: what the page is written in is part of the text.'] : [];
      await this.#read([{ file, path: file.name }], signal, { notes });
    });

  cancel(): void {
    this.#under?.abort();
  }

  async #during(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.cancel();
    const under = (this.#under = new AbortController());
    this.problem = '';
    const timer = setTimeout(() => (this.isLasting = true), PATIENCE);
    try {
      await work(under.signal);
    } catch (error) {
      if (under.signal.aborted) return;
      if (!(error instanceof InputError)) throw error;
      this.problem = plainSentence(error);
    } finally {
      clearTimeout(timer);
      if (this.#under === under) {
        this.isLasting = false;
        this.#under = null;
      }
    }
  }

  #tell(doing: string, share: number | null): void {
    [this.doing, this.share] = [doing, share];
  }

  async #read(
    given: readonly GivenFile[],
    signal: AbortSignal,
    { chosen = null, decode = decoding, notes = [] }: HowRead,
  ): Promise<void> {
    const turns = new EventLoopTurns();
    const files = new FilesToJoin(given.map(({ file, path }) => ({ file, path, size: file.size })));
    const total = files.taken.reduce((sum, { size }) => sum + size, 0);
    const told = `${megabytes(total)} MB`;
    this.#tell(`Reading ${told}`, 0);
    let before = 0;
    for (const one of files.taken) {
      try {
        const steps = decode(await fileBytes(one.file), one.path, chosen ?? undefined);
        let step = steps.next();
        for (; !step.done; step = steps.next()) {
          this.#tell(`Reading ${told}`, (before + step.value) / total / 2);
          await turns.giveWhenDue();
          signal.throwIfAborted();
        }
        files.add(one, step.value);
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        files.refuse(one, error);
      }
      before += one.size;
    }
    const joined = files.joined();
    const hash = new TextHash();
    const blobs: Blob[] = [];
    for (const [i, part] of joined.parts.entries()) {
      blobs.push(new Blob([hash.add(part) as Uint8Array<ArrayBuffer>]));
      this.#tell(`Reading ${told}`, (1 + i / joined.parts.length) / 2);
      await turns.giveWhenDue();
      signal.throwIfAborted();
    }
    const { name, text, guessed } = joined;
    knowHash(text, hash.value);
    knowBlob(text, new Blob(blobs));
    readTexts.set(name, { text, notes: [...notes, ...joined.notes], guessed, given, chosen });
    this.use(name, text);
  }
}
