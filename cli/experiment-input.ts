/** What `npm run experiment` trains: a preset or a file, and the texts that its corpora name. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { decodeText } from '../src/data/text/decode.ts';
import { FilesToJoin, type JoinedText, type NamedFile } from '../src/data/text/joined-files.ts';
import { fileOf, NO_TEXT } from '../src/model/corpora.ts';
import { parseExperiment, type Experiment } from '../src/model/experiment.ts';
import { InputError } from '../src/model/parse.ts';
import { presetExperiment, presets } from '../src/model/presets.ts';
import { RESULT_SCHEMA } from '../src/model/result.ts';
import { isPlainName } from './plain-name.ts';
import type { Texts } from '../src/experiment/protocol.ts';

export interface ExperimentInputs {
  experiment: Experiment;
  texts: Texts;
  /** What was guessed of the texts, and left out, in sentences. */
  notes: string[];
}

/**
 * @param source a preset's name, or the path of an experiment in JSON or of a result, whose experiment is trained again; a file wins where there is one.
 * @param textFile a file or a folder of texts, which replaces the corpus of every recipe.
 * @throws InputError for anything that cannot be used.
 */
export function readExperiment(source: string, textFile: string | undefined): ExperimentInputs {
  const isFile = existsSync(source) || /\.json$|[/\\]/.test(source);
  const experiment = isFile ? parsedWith(textFile, experimentIn(readJson(source))) : presetExperiment(source);
  return withTexts(experiment, isFile ? dirname(resolve(source)) : process.cwd(), textFile);
}

/**
 * @param folder where the files lie that the experiment names: names only, for whoever sent an experiment must not choose what is
 * read on this machine.
 * @param textFile a file or a folder of texts, which replaces the corpus of every recipe.
 * @throws InputError for a text that cannot be used.
 */
export function withTexts(experiment: Experiment, folder: string, textFile: string | undefined): ExperimentInputs {
  if (textFile !== undefined) return withText(experiment, textFile);
  const read = new Map<string, JoinedText>();
  experiment.recipes.forEach(({ corpus }, i) => {
    const file = fileOf(corpus);
    if (file === null || read.has(file)) return;
    if (isPlainName(file)) return void read.set(file, readText(join(folder, file), file));
    const field = `recipes[${i}].corpus.file`;
    throw new InputError(
      field,
      `${field}: "${file}" is a path, and an experiment names its text by the name of a file beside it only; name the file with --text.`,
    );
  });
  const texts = Object.fromEntries([...read].map(([file, { text }]) => [file, text]));
  return { experiment, texts, notes: [...read.values()].flatMap(notesOf) };
}

/** Of a `result.json` what it is a result of. */
function experimentIn(written: unknown): unknown {
  const { schema, experiment } = Object(written) as { schema?: unknown; experiment?: unknown };
  return schema === RESULT_SCHEMA ? experiment : written;
}

/** @param written may leave the file of a text out, which `--text` is given for. */
function parsedWith(textFile: string | undefined, written: unknown): Experiment {
  if (textFile !== undefined) {
    for (const corpus of corporaIn(written)) if (corpus.kind === 'text') corpus.file ??= NO_TEXT;
  }
  try {
    return parseExperiment(written);
  } catch (error) {
    if (!(error instanceof InputError && /^\S+\.corpus\.file is missing\.$/.test(error.message))) throw error;
    throw new InputError(error.field, `${error.field} is missing; name the text with --text.`);
  }
}

/** Of what may be no experiment. */
function corporaIn(written: unknown): { kind?: unknown; file?: unknown }[] {
  const { recipes } = Object(written) as { recipes?: unknown };
  const all = Array.isArray(recipes) ? (recipes as unknown[]) : [];
  return all.map((recipe) => Object((Object(recipe) as { corpus?: unknown }).corpus) as object);
}

function withText(experiment: Experiment, path: string): ExperimentInputs {
  const at = resolve(path);
  const isFolder = statSync(at, { throwIfNoEntry: false })?.isDirectory();
  const text = isFolder ? joinedOf(filesIn(at, basename(at))) : { ...readText(at, path), name: basename(at) };
  const file = text.name;
  const recipes = experiment.recipes.map((recipe) => {
    const { heldOut, tokenizer, characters } = recipe.corpus.kind === 'text' ? recipe.corpus : {};
    return { ...recipe, corpus: { kind: 'text' as const, file, heldOut, tokenizer, characters } };
  });
  return {
    experiment: parseExperiment({ ...experiment, recipes }),
    texts: { [file]: text.text },
    notes: notesOf(text),
  };
}

const notesOf = ({ name, notes }: JoinedText): string[] => notes.map((note) => `${name}: ${note}`);

function readJson(path: string): unknown {
  const known = presets.map((preset) => preset.id).join(', ');
  if (existsSync(path) && !statSync(path).isFile()) {
    throw new InputError('experiment', `"${path}" is no file; give an experiment file or one of the presets ${known}.`);
  }
  if (!existsSync(path)) {
    throw new InputError('experiment', `There is no experiment file "${path}"; the presets are ${known}.`);
  }
  let text: string;
  try {
    // Unlike Node's own 'utf8', this leaves out a byte order mark.
    text = new TextDecoder().decode(readFileSync(path));
  } catch (error) {
    throw new InputError('experiment', `"${path}" cannot be read: ${(error as Error).message}.`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new InputError('experiment', `"${path}" is not JSON; docs/formats.md shows what an experiment looks like.`);
  }
}

/** @param said the file as the person named it. */
const readText = (path: string, said: string): JoinedText => joinedOf([{ path: said, at: path, size: 0 }]);

function joinedOf(given: readonly FileThere[]): JoinedText {
  const files = new FilesToJoin(given);
  for (const file of files.taken) {
    try {
      files.add(file, decodeText(bytesOf(file.at, file.path), file.path));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      files.refuse(file, error);
    }
  }
  return files.joined();
}

interface FileThere extends NamedFile {
  /** Where it lies. */
  at: string;
}

/** Also those in folders of it; no link is followed. @param said what the paths begin with. */
function filesIn(folder: string, said: string): FileThere[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry): FileThere[] => {
    const [at, path] = [join(folder, entry.name), `${said}/${entry.name}`];
    if (entry.isDirectory()) return entry.name.startsWith('.') ? [] : filesIn(at, path);
    return entry.isFile() ? [{ at, path, size: statSync(at).size }] : [];
  });
}

function bytesOf(path: string, said: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : message;
    throw new InputError('corpus.file', `corpus.file: "${said}" cannot be read: ${why}.`);
  }
}
