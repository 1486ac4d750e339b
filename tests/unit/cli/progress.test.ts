import { expect, test, vi } from 'vitest';
import { ProgressDisplay, progressLine } from '../../../cli/progress.ts';
import { inWords, sweptTexts } from '../../../cli/words.ts';
import type { Overrides } from '../../../src/model/overrides.ts';
import type { RunResult } from '../../../src/model/result.ts';
import { runOf } from '../../../src/model/run.ts';
import type { Study } from '../../../src/model/study.ts';
import type { ConductorEvent } from '../../../src/experiment/protocol.ts';
import { CohortRecorder } from '../../../src/experiment/recorder.ts';
import { experimentWith } from '../experiment/fakes.ts';

const adapter = { vendor: 'acme', architecture: 'soft', description: '', features: [], software: true };
const engine: ConductorEvent = { kind: 'engine', engine: { kind: 'gpu', adapter, reason: null } };
const progress: ConductorEvent = {
  kind: 'progress',
  progress: {
    share: 0.426,
    secondsLeft: 80,
    current: [{ recipes: ['muP'], width: 24, layers: 2, step: 120, steps: 200, secondsLeft: 30 }],
  },
};

function shown(
  events: ConductorEvent[],
  isTTY: boolean,
  isQuiet = false,
  study: Study = { kind: 'prediction' },
): string {
  let text = '';
  const output = { isTTY, columns: 100, write: (part: string) => (text += part) };
  const display = new ProgressDisplay(output, isQuiet, study);
  events.forEach((event) => display.hear(event));
  display.clear();
  return text;
}

test('in a terminal one line is rewritten and taken away again', () => {
  const text = shown([progress, engine], true);
  expect(text).toContain(
    '\r\x1b[K 42 %  muP, width 24: step 120 of 200  30 s left for this width  1 min 20 s in all\r\x1b[K',
  );
});

test('a log has no control characters and not a line for every step', () => {
  const text = shown([engine, ...Array<ConductorEvent>(50).fill(progress)], false);
  expect(text.includes('\r') || text.includes('\x1b')).toBe(false);
  expect(text.split('\n').length).toBeLessThan(5);
});

test('a software adapter is warned about by name', () => {
  expect(shown([engine], false)).toBe(
    'Training on: acme soft.\nThis is a software adapter: no GPU does the work, so expect it to be slow.\n',
  );
});

test('quiet is quiet, but for what was refused', () => {
  expect(shown([engine, progress], true, true)).toBe('');
  const refusal = 'ladder.rungs: muP cannot be extrapolated; width 48 is neither predicted nor trained.';
  for (const isQuiet of [true, false]) {
    const [output, refusals] = [{ write: vi.fn() }, { write: vi.fn() }];
    new ProgressDisplay(output, isQuiet, { kind: 'prediction' }, refusals).hear({
      ...{ kind: 'error', field: 'ladder.rungs', message: refusal },
    });
    expect(refusals.write.mock.calls).toEqual([[`${refusal}\n`]]);
    expect(output.write).not.toHaveBeenCalled();
  }
});

const sweep = { parameter: 'optimizer.learningRate' as const, values: [0.25, 0.5, 1] };
const transfer: Study = { kind: 'transfer', sweep };
const cohort = { recipes: ['muP', 'SP'], width: 32, layers: 2 };

/** The events of a cohort whose runs ended with these losses; without one a run diverged. */
function cohortEvents(losses: (number | null)[]): ConductorEvent[] {
  const [recipe] = experimentWith().recipes;
  const runs = losses.map((_, i) => runOf(recipe, 32, 1, { 'optimizer.learningRate': 2 ** -i } as Overrides));
  const results = new CohortRecorder(runs, { vocabulary: 16, textHash: null }).results(
    runs.map(({ id }, i) => ({
      ...{ id, status: losses[i] === null ? ('diverged' as const) : ('done' as const) },
      ...{ divergedAt: losses[i] === null ? 3 : null, finalEvalLoss: losses[i], finalEvalStandardError: null },
      seconds: 1,
    })),
  );
  const over = results.map((result: RunResult): ConductorEvent => ({ kind: 'run', result }));
  return [{ kind: 'cohort', cohort, runs: runs.map(({ id }) => id) }, ...over];
}

test('a sweep tells of a cohort in one line once all its runs are over, a prediction of every run', () => {
  const events = cohortEvents([2.5, 2.25, null]);
  expect(shown(events, false, false, transfer)).toMatch(
    /^width 32: 2 runs done, 1 diverged, best 2\.2500 \(mup-w32-lr0\.5-s1\), 0\.\d s\n$/,
  );
  expect(shown(events.slice(0, -1), false, false, transfer)).toBe('');
  expect(shown(events, false).split('\n').filter(Boolean)).toHaveLength(3);
});

test('of a text the making of its tokens is told, and losses come in bits per byte, too', () => {
  expect(shown([{ kind: 'preparing', recipe: 'muP', share: 0.456 }], true)).toContain(
    '\r\x1b[KMaking the tokens of muP: 45 %',
  );
  const facts = { recipe: 'muP', vocabulary: 1024, entropyRate: null, evaluationEntropy: null, textHash: 'ab' };
  const corpus: ConductorEvent = { kind: 'corpus', facts: { ...facts, bytesPerToken: 2.5, notes: [] } };
  expect(shown([corpus], false)).toBe('Corpus of muP: 1024 tokens, 2.50 bytes per token of the evaluation window.\n');
  const [run] = cohortEvents([2.5 * Math.LN2]).slice(1) as Extract<ConductorEvent, { kind: 'run' }>[];
  expect(shown([{ ...run, result: { ...run.result, bytesPerToken: 2.5 } }], false)).toMatch(
    /: loss 1\.7329 \(1\.0000 bits per byte\), /,
  );
});

test('of a corpus it is told what nobody can beat, and what nobody can without looking back', () => {
  const facts = { recipe: 'muP', vocabulary: 8, textHash: null, notes: [] };
  const line = (known: { entropyRate: number | null; evaluationEntropy: number | null; withoutPast?: number }) =>
    shown([{ kind: 'corpus', facts: { ...facts, ...known } }], false).trim();
  expect(line({ entropyRate: 2, evaluationEntropy: 2.1 })).toBe(
    'Corpus of muP: 8 tokens, entropy 2.0000 nats per token (of the evaluation window: 2.1000).',
  );
  expect(line({ entropyRate: null, evaluationEntropy: 0.9, withoutPast: 1.3 })).toBe(
    'Corpus of muP: 8 tokens, entropy of the evaluation window 0.9000 nats per token, 1.3000 for who sees the last token only.',
  );
  expect(line({ entropyRate: null, evaluationEntropy: null })).toBe('Corpus of muP: 8 tokens.');
});

test('the recipes of a cohort are named together; a depth sweep tells its depth', () => {
  const now = { share: 0.5, secondsLeft: null, current: [{ ...cohort, step: 3, steps: 9, secondsLeft: 2 }] };
  expect(progressLine(now, transfer)).toBe(' 50 %  muP and SP, width 32: step 3 of 9  2.0 s left for this width');
  const line = progressLine(now, { ...transfer, depths: [2, 4] });
  expect(line).toBe(' 50 %  muP and SP, 2 layers: step 3 of 9  2.0 s left for this depth');
});

test('swept values are as short as they can be told apart', () => {
  expect(sweptTexts([0, 0.125, 1, 4])).toEqual(['0', '2^-3', '1', '2^2']);
  expect(sweptTexts([0.001, 0.1, 0.3])).toEqual(['0.001', '0.1', '0.3']);
  expect(sweptTexts([0.101, 0.102, 0.103])).toEqual(['0.101', '0.102', '0.103']);
});

test('durations in words', () => {
  expect([0.04, 9.96, 59.6, 61, 3599.6, 7500].map(inWords)).toEqual([
    '0.0 s',
    '10 s',
    '1 min 0 s',
    '1 min 1 s',
    '1 h 0 min',
    '2 h 5 min',
  ]);
});
