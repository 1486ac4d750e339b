/** What finished runs have learnt, one question at a time: what they write, what they make of a passage, where a head looks. */
import type { Corpus, Source } from '../data/token-plan.ts';
import { parametrize } from '../model/parametrization.ts';
import type { Recipe } from '../model/recipe.ts';
import type { Run } from '../model/run.ts';
import { readSafetensors } from '../model/safetensors.ts';
import { drawToken, seenOf, uniformsOf } from '../model/sampling.ts';
import { modelShape, sizeOf, tensorsOf } from '../model/shape.ts';
import type { HeadPlace, ModelReader, RunOutcome, TrainedModel, TrainingEngine } from '../model/training.ts';
import { EventLoopTurns } from '../model/event-loop.ts';
import { parameterBytes } from './dump.ts';
import { bytesOf, KeptModels, modelKey } from './kept-models.ts';

/** Whether a run can be asked: its parameters are here, went to make room for newer ones, or never were here. */
export interface ModelStanding {
  id: string;
  status: 'here' | 'dropped' | 'absent';
  /** Of its parameters. */
  bytes: number;
}

/** A window of the held-out part. */
export interface Passage {
  /** How many windows there are to choose from. */
  windows: number;
  /** [context + 1] */
  tokens: Uint32Array;
  /** Each of them as text; together they read as the passage does. */
  pieces: string[];
  /** −log p of every token but the first under the true source; null where that is not known. */
  truth: Float64Array | null;
}

/** Means over windows of the held-out part, by position [context]. */
export interface ByPosition {
  windows: number;
  losses: Float64Array;
  standardErrors: Float64Array;
  /** Mean over the positions of each window [windows], in an order that is the same for all who were asked about the same ones. */
  byWindow: Float64Array;
  /** Mean probability that is given to what could be recalled there; NaN where nothing could, null where the corpus knows of no such thing. */
  recalled: Float64Array | null;
  /** What someone gives to it who recalls nothing; null where the corpus knows of no such thing. */
  chance: number | null;
}

/** A text that goes on: the same question without what was written gives the same beginning. */
export interface Writing {
  run: Run;
  prompt: Uint32Array;
  written: Uint32Array;
  seed: number;
  temperature: number;
  /** How many tokens to write now. */
  count: number;
}

export interface Written {
  /** All that is written so far. */
  written: Uint32Array;
  text: string;
  /** What the true source would have given it; null where that is not known. */
  source: OfSource | null;
}

export interface OfSource {
  /** How many of the written tokens the source could have written, until the first that it could not. */
  possible: number;
  /** Mean −log p of those; NaN where there are none. */
  nats: number;
}

/** Windows of the held-out part that a mean by position is taken over, at most. */
const MOST_WINDOWS = 64;
/** Milliseconds without a question after which a model is not held ready any more. */
const REST = 5000;

interface Ready {
  engine: TrainingEngine;
  reader: Promise<ModelReader>;
  asking: number;
  timer?: ReturnType<typeof setTimeout>;
}

export class Learnt {
  private readonly ready = new Map<string, Ready>();

  constructor(
    private readonly engine: () => Promise<TrainingEngine>,
    private readonly sourceOf: (recipe: Recipe) => { corpus: Corpus; textHash: string | null },
    private readonly models = new KeptModels(),
  ) {}

  /** Ids of those of a cohort whose parameters are to come with their outcomes. */
  worthKeeping(runs: readonly Run[]): string[] {
    return this.models.worthKeeping(runs, this.shapeOf(runs[0]));
  }

  /** Keeps what runs have learnt that were trained to their end. */
  keep(runs: readonly Run[], outcomes: readonly RunOutcome[]): void {
    for (const run of runs) {
      const outcome = outcomes.find(({ id }) => id === run.id);
      if (outcome?.status === 'done' && outcome.parameters) this.put(run, outcome.parameters);
    }
  }

  readonly answers = {
    standing: (runs: Run[]): ModelStanding[] =>
      runs.map((run) => {
        const key = this.keyOf(run);
        const status = this.models.get(key) ? 'here' : this.models.wasDropped(key) ? 'dropped' : 'absent';
        return { id: run.id, status, bytes: bytesOf(this.shapeOf(run)) };
      }),

    passage: ({ recipe, window }: { recipe: Recipe; window: number }): Passage => {
      const { corpus } = this.sourceOf(recipe);
      const tokens = windowOf(corpus, recipe.context, window);
      return {
        ...{ windows: heldWindows(corpus, recipe.context), tokens, pieces: piecesOf(corpus, tokens) },
        truth: truthOf(corpus, tokens),
      };
    },

    /** The tokens of a text; null where the corpus does not read any. */
    prompt: ({ recipe, text }: { recipe: Recipe; text: string }): Uint32Array | null =>
      this.sourceOf(recipe).corpus.encode?.(text) ?? null,

    /** Nats of every token but the first. */
    losses: ({ run, tokens }: { run: Run; tokens: Uint32Array }): Promise<Float32Array> =>
      this.ask(run, (reader) => reader.losses(tokens)),

    positions: async (run: Run): Promise<ByPosition> => {
      const { corpus } = this.sourceOf(run.recipe);
      const windows = spreadWindows(corpus, run.recipe.context);
      const losses = await this.ask(run, (reader) => reader.losses(joined(windows)));
      return meansByPosition(losses, run.recipe.context, recalledIn(corpus, windows));
    },

    /** The same of the true source; null where that is not known. */
    truth: (recipe: Recipe): ByPosition | null => {
      const { corpus } = this.sourceOf(recipe);
      const windows = spreadWindows(corpus, recipe.context);
      if (!corpus.source) return null;
      const losses = windows.flatMap((window) => [...truthOf(corpus, window)!]);
      return meansByPosition(losses, recipe.context, recalledIn(corpus, windows));
    },

    attention: ({ run, tokens, ...place }: { run: Run; tokens: Uint32Array } & HeadPlace): Promise<Float32Array> =>
      this.ask(run, (reader) => reader.attention(tokens, place)),

    /** All that is written so far, and as text. */
    write: async (writing: Writing): Promise<Written> => {
      const { run, prompt, seed, temperature, count } = writing;
      const from = prompt.length;
      const tokens = new Uint32Array(from + writing.written.length + count);
      tokens.set(prompt);
      tokens.set(writing.written, from);
      const first = from + writing.written.length;
      const uniforms = uniformsOf(seed, writing.written.length, count);
      await this.ask(run, async (reader, { shape }) => {
        const turns = new EventLoopTurns();
        for (let at = first; at < tokens.length; at++) {
          await turns.giveWhenDue();
          const logits = await reader.logits(seenOf(tokens.subarray(0, at), shape.context));
          tokens[at] = drawToken(logits, temperature, uniforms[at - first]);
        }
      });
      const { corpus } = this.sourceOf(run.recipe);
      const text = textBehind(corpus.decode, tokens, from);
      return { written: tokens.slice(from), text, source: sourceOn(corpus, tokens, from) };
    },

    /** As a safetensors file. */
    parameters: (run: Run): Uint8Array<ArrayBuffer> => {
      const { shape, parameters } = this.modelOf(run);
      return parameterBytes(shape, parameters);
    },

    /** Takes the parameters of an earlier visit. @throws Error where they are not those of such a model. */
    give: ({ run, bytes }: { run: Run; bytes: Uint8Array }): void => {
      const tensors = readSafetensors(bytes);
      const parameters = tensorsOf(this.shapeOf(run)).map(({ name, shape }): [string, Float32Array] => {
        const data = tensors.get(name)?.data;
        if (data instanceof Float32Array && data.length === sizeOf(shape)) return [name, data];
        throw new Error(`What was kept of ${run.id} is not what its model has: ${name} is missing or of another size.`);
      });
      this.put(run, new Map(parameters));
    },
  };

  private put(run: Run, parameters: ReadonlyMap<string, Float32Array>): void {
    const key = this.keyOf(run);
    this.close(key);
    const shape = this.shapeOf(run);
    this.models.put(key, { shape, table: parametrize(run.recipe, shape), parameters });
  }

  private keyOf(run: Run): string {
    return modelKey(run, this.sourceOf(run.recipe).textHash);
  }

  private shapeOf({ recipe, width }: Run) {
    return modelShape(recipe, width, this.sourceOf(recipe).corpus.vocabulary);
  }

  private modelOf(run: Run): TrainedModel {
    const model = this.models.get(this.keyOf(run));
    if (!model) throw new Error(`The parameters of ${run.id} are not here any more.`);
    return model;
  }

  /** The model is held ready for a while: questions about it come together. */
  private async ask<T>(run: Run, question: (reader: ModelReader, model: TrainedModel) => Promise<T>): Promise<T> {
    const model = this.modelOf(run);
    const key = this.keyOf(run);
    const engine = await this.engine();
    let ready = this.ready.get(key);
    if (!ready || ready.engine !== engine) {
      this.close(key);
      ready = { engine, reader: engine.read(model), asking: 0 };
      this.ready.set(key, ready);
    }
    clearTimeout(ready.timer);
    ready.asking++;
    try {
      return await question(await ready.reader, model);
    } catch (error) {
      // Its device may be lost: the next question has another one.
      this.close(key);
      throw error;
    } finally {
      ready.asking--;
      if (ready.asking === 0) {
        if (this.ready.get(key) === ready) ready.timer = setTimeout(() => this.close(key), REST);
        else void closed(ready);
      }
    }
  }

  /** At once, or when what is being asked of it is answered. */
  private close(key: string): void {
    const ready = this.ready.get(key);
    if (!ready) return;
    this.ready.delete(key);
    clearTimeout(ready.timer);
    if (ready.asking === 0) void closed(ready);
  }
}

export type LearntKind = keyof Learnt['answers'];
/** The kind of a question gives the type of its answer. */
export interface LearntQuestion<K extends LearntKind = LearntKind> {
  kind: K;
  inputs: Parameters<Learnt['answers'][K]>[0];
}
export type LearntAnswer<K extends LearntKind = LearntKind> = Awaited<ReturnType<Learnt['answers'][K]>>;

const closed = ({ reader }: Ready) =>
  reader.then(
    (one) => one.close(),
    () => undefined,
  );

const heldWindows = ({ evaluation }: Corpus, context: number): number => evaluation.length / (context + 1);

/** [context + 1] */
function windowOf(corpus: Corpus, context: number, window: number): Uint32Array {
  const at = Math.min(window, heldWindows(corpus, context) - 1) * (context + 1);
  return corpus.evaluation.slice(at, at + context + 1);
}

/** Some windows of the held-out part, or all where they are few, spread over the whole of it. */
function spreadWindows(corpus: Corpus, context: number): Uint32Array[] {
  const all = heldWindows(corpus, context);
  const count = Math.min(all, MOST_WINDOWS);
  return Array.from({ length: count }, (_, i) => windowOf(corpus, context, Math.floor((i * all) / count)));
}

function joined(windows: readonly Uint32Array[]): Uint32Array {
  const [{ length }] = windows;
  const tokens = new Uint32Array(windows.length * length);
  windows.forEach((window, i) => tokens.set(window, i * length));
  return tokens;
}

const truthOf = ({ source }: Corpus, window: Uint32Array): Float64Array | null => source?.lossesOf(window) ?? null;

/** Of each window, whether a token could be recalled [context], and what one is given by who recalls nothing. */
interface Recallable {
  known: readonly ArrayLike<number>[];
  chance: number;
}

function recalledIn({ recall }: Corpus, windows: readonly Uint32Array[]): Recallable | null {
  return recall ? { known: windows.map((window) => recall.isKnown(window)), chance: recall.chance } : null;
}

/** @param losses [windows · context] */
export function meansByPosition(
  losses: ArrayLike<number>,
  context: number,
  recallable: Recallable | null = null,
): ByPosition {
  const windows = losses.length / context;
  const means = new Float64Array(context);
  const standardErrors = new Float64Array(context);
  const recalled = new Float64Array(context);
  for (let position = 0; position < context; position++) {
    const at = Array.from({ length: windows }, (_, w) => losses[w * context + position]);
    const mean = at.reduce((sum, loss) => sum + loss, 0) / windows;
    const squares = at.reduce((sum, loss) => sum + (loss - mean) ** 2, 0);
    means[position] = mean;
    standardErrors[position] = windows > 1 ? Math.sqrt(squares / (windows - 1) / windows) : 0;
    const known = at.filter((_, w) => recallable?.known[w][position]);
    recalled[position] = known.reduce((sum, loss) => sum + Math.exp(-loss), 0) / known.length;
  }
  const byWindow = Float64Array.from({ length: windows }, (_, w) => {
    let sum = 0;
    for (let position = 0; position < context; position++) sum += losses[w * context + position];
    return sum / context;
  });
  const ofRecall = recallable ? { recalled, chance: recallable.chance } : { recalled: null, chance: null };
  return { windows, losses: means, standardErrors, byWindow, ...ofRecall };
}

/** @param from the first token that was written; a text begins with one that is given. */
export function sourceOn({ source }: Pick<Corpus, 'source'>, tokens: Uint32Array, from: number): OfSource | null {
  if (!source) return null;
  const end = possibleEnd(source, tokens);
  const possible = Math.max(0, end - from);
  const losses = source.lossesOf(tokens.subarray(0, end)).subarray(from - 1);
  return { possible, nats: losses.reduce((sum, loss) => sum + loss, 0) / possible };
}

/** How far the source could have written a text. Behind a token that it could not have written it may say nothing. */
function possibleEnd(source: Source, tokens: Uint32Array): number {
  const isPossible = (end: number) => {
    try {
      return source.lossesOf(tokens.subarray(0, end)).every(Number.isFinite);
    } catch {
      return false;
    }
  };
  let [low, high] = [1, tokens.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (isPossible(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Of characters cut in two by their tokens a part reads as what it is alone. */
export function textBehind(decode: Corpus['decode'], tokens: Uint32Array, from: number): string {
  const [before, whole] = [decode(tokens.subarray(0, from)), decode(tokens)];
  return whole.startsWith(before) ? whole.slice(before.length) : decode(tokens.subarray(from));
}

const piecesOf = ({ decode }: Corpus, tokens: Uint32Array): string[] =>
  Array.from(tokens, (_, i) => textBehind(decode, tokens.subarray(0, i + 1), i));
