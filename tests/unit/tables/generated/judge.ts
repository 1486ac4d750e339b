/** What a reader made of a drawn table: right, asked about, or wrong. */
import { InputError } from '../../../../src/model/parse.ts';
import { decodeText } from '../../../../src/tables/decode.ts';
import { readTable, type Reading } from '../../../../src/tables/reading.ts';
import type { Answer, ColumnRequest, Question, Role } from '../../../../src/tables/roles.ts';
import type { Drawn, Purpose } from './drawn.ts';

export interface Judgement {
  verdict: 'right' | 'asked' | 'wrong';
  /** Of a question, what it was about; of what is wrong, why. */
  why: string;
}

const ROLE_OF: Record<Purpose, Role> = {
  size: 'x',
  loss: 'y',
  tokens: 'tokens',
  step: 'step',
  series: 'series',
  swept: 'sweep',
  seed: 'seed',
  error: 'error',
  module: 'module',
  value: 'y',
  noise: 'none',
};

/** Questions are answered as their makers would, and what is read then has to be right, too. */
export function judge(drawn: Drawn, bytes: Uint8Array): Judgement {
  let request: ColumnRequest = {};
  const asked: string[] = [];
  for (let turn = 0; turn < 4; turn++) {
    let reading: Reading;
    try {
      reading = readTable([{ name: null, text: decodeText(bytes) }], request);
    } catch (error) {
      if (error instanceof InputError) return { verdict: 'wrong', why: `refused: ${error.message}` };
      throw error;
    }
    const [question] = reading.questions;
    if (!question) {
      const why = reading.faults.length > 0 ? `at fault: ${reading.faults[0]!.sentence}` : differenceOf(drawn, reading);
      if (why) return { verdict: 'wrong', why: asked.length > 0 ? `${why} (after ${asked.join('; ')})` : why };
      return asked.length > 0 ? { verdict: 'asked', why: asked.join('; ') } : { verdict: 'right', why: '' };
    }
    asked.push(question.sentence);
    const answer = answerOf(drawn, reading, question);
    // A cell that may be two numbers is mended in the table.
    if (question.answers.length === 0) return { verdict: 'asked', why: asked.join('; ') };
    if (!answer) return { verdict: 'wrong', why: `no right answer to: ${question.sentence}` };
    request = { ...request, [answer.role]: answer.places };
  }
  return { verdict: 'wrong', why: `asks without end: ${asked.join('; ')}` };
}

function answerOf(drawn: Drawn, reading: Reading, { answers }: Question): Answer | undefined {
  const purposeAt = (place: number): Purpose => {
    const { name } = reading.columns[place]!;
    const same =
      drawn.columns.find((one) => one.name.trim() === name) ??
      drawn.columns.find((one) => one.name.replaceAll(/\s+/g, '_') === name);
    return same?.purpose ?? 'noise';
  };
  return (
    answers.find(({ role, places }) => places?.every((place) => ROLE_OF[purposeAt(place)] === role)) ??
    answers.find(({ places }) => places === null)
  );
}

/** Null where the measurements are the true ones. */
function differenceOf(drawn: Drawn, reading: Reading): string | null {
  if (drawn.activations.length > 0) return activationsDiffer(drawn, reading);
  const x = reading.columns.find(({ role }) => role === 'x')?.name ?? '';
  const truth = drawn.truth.map(({ otherSizes, size, ...one }) => ({
    ...one,
    size: Object.hasOwn(otherSizes, x) ? otherSizes[x]! : size,
  }));
  const key = (
    { size, tokens, loss }: { size: number; tokens: number | null; loss: number | null },
    settings: Readonly<Record<string, number>>,
  ) => JSON.stringify([size, tokens, loss, Object.values(settings).sort((a, b) => a - b)]);
  const found = reading.measurements.map((one) => ({ series: one.series, key: key(one, one.hyperparameters) }));
  const wanted = truth.map((one) => ({ series: one.series, key: key(one, one.settings) }));
  if (found.length !== wanted.length) return `${found.length} measurements, not ${wanted.length}`;
  if (reading.wanted.length !== drawn.wanted) return `${reading.wanted.length} losses wanted, not ${drawn.wanted}`;
  return partsDiffer(found, wanted);
}

interface Part {
  series: string | null;
  key: string;
}

/** What series are called is the table's own; which measurements they hold has to agree. */
function partsDiffer(found: readonly Part[], wanted: readonly Part[]): string | null {
  const groups = (parts: readonly Part[]) => {
    const bySeries = new Map<string | null, string[]>();
    for (const { series, key } of parts) {
      const group = bySeries.get(series);
      if (group) group.push(key);
      else bySeries.set(series, [key]);
    }
    return [...bySeries.values()].map((keys) => keys.sort().join('\n')).sort();
  };
  const [own, right] = [groups(found), groups(wanted)];
  if (own.length !== right.length) return `${own.length} series, not ${right.length}`;
  const at = own.findIndex((group, i) => group !== right[i]);
  if (at < 0) return null;
  const [ours, theirs] = [own[at]!.split('\n'), right[at]!.split('\n')];
  const i = ours.findIndex((one, k) => one !== theirs[k]);
  return `read ${ours[i]}, not ${theirs[i]}`;
}

function activationsDiffer(drawn: Drawn, reading: Reading): string | null {
  const part = (series: string | null, ...rest: (string | number | null)[]): Part => ({
    series,
    key: JSON.stringify(rest),
  });
  const found = reading.activations.map(({ series, width, module, step, value }) =>
    part(series, width, module, step, value),
  );
  const wanted = drawn.activations.map(({ series, width, module, step, value }) =>
    part(series, width, module, step, value),
  );
  return found.length === wanted.length
    ? partsDiffer(found, wanted)
    : `${found.length} activations, not ${wanted.length}`;
}
