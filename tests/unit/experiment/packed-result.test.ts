/** Results as links carry them: what comes back is what went, and nothing that was sealed can be changed on the way. */
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { assembleResult } from '../../../src/analysis/assemble.ts';
import { Conductor } from '../../../src/experiment/conductor.ts';
import { asLinked, packResult, unpackResult } from '../../../src/experiment/packed-result.ts';
import { checkSeals } from '../../../src/experiment/seal.ts';
import { InputError } from '../../../src/model/parse.ts';
import { parseResult, type ExperimentResult } from '../../../src/model/result.ts';
import { experimentWith, FakeTrainer, quickAsk } from './fakes.ts';

const root = new URL('../../../', import.meta.url);
const read = (path: string): ExperimentResult => {
  const bytes = readFileSync(new URL(path, root));
  return parseResult(JSON.parse((path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()));
};
const FILES = [
  ...['sentences', 'qk-norm', 'transfer-sentences', 'basin-smoke', 'coordinates-smoke'].map(
    (name) => `public/recorded/${name}.json`,
  ),
  ...['smoke', 'compare-smoke', 'transfer-smoke', 'basin-smoke', 'coordinates-smoke'].map(
    (name) => `tests/unit/earlier/${name}.json.gz`,
  ),
];

/** As an address would carry it. */
const sent = (result: ExperimentResult, points: number): ExperimentResult =>
  unpackResult(JSON.parse(JSON.stringify(packResult(asLinked(result, points)))));

async function trained(...[over]: Parameters<typeof experimentWith>): Promise<ExperimentResult> {
  const experiment = experimentWith(over);
  const conductor = new Conductor(new FakeTrainer(), quickAsk, { experiment, texts: {} }, () => {});
  return assembleResult(await conductor.run(), { fits: [] });
}

describe('what comes back', () => {
  test.each(FILES)('of %s is every loss and every seal, digit for digit', (file) => {
    const before = read(file);
    for (const points of [0, 20]) {
      const { source, ...after } = sent(before, points);
      expect(source).toBe('link');
      expect(after).toMatchObject({
        ...{ id: before.id, created: before.created, app: before.app, adapter: before.adapter },
        ...{ experiment: before.experiment, sealed: before.sealed, fits: [] },
      });
      const byId = new Map(before.runs.map((run) => [run.id, run]));
      expect(after.runs).toHaveLength(before.runs.length);
      for (const { steps, trainLoss, seconds, activations, ...run } of after.runs) {
        const { steps: all, trainLoss: losses, seconds: took, activations: sizes, ...same } = byId.get(run.id)!;
        expect(run).toEqual(same);
        expect(seconds).toBeCloseTo(took, -Math.floor(Math.log10(took || 1)) + 1);
        expect(steps.length).toBeLessThanOrEqual(points);
        expect(steps.length > 0).toBe(points > 0 && all.length > 0);
        expect(steps.at(-1) ?? all.at(-1)).toBe(all.at(-1));
        // Means of windows lie between the losses of these.
        for (const loss of trainLoss.filter((one) => one !== null)) {
          expect(loss).toBeGreaterThanOrEqual(Math.min(...losses.map((one) => one ?? Infinity)) - 0.001);
          expect(loss).toBeLessThanOrEqual(Math.max(...losses.map((one) => one ?? -Infinity)) + 0.001);
        }
        expect(activations?.modules).toEqual(sizes?.modules);
        for (const [t, row] of (activations?.values ?? []).entries())
          for (const [m, one] of row.entries())
            expect(Math.abs(one! - sizes!.values[t]![m]!)).toBeLessThanOrEqual(
              0.0005 * Math.abs(sizes!.values[t]![m]!),
            );
      }
    }
  });

  test('of what was sent on once more is the same again', () => {
    const once = sent(read(FILES[0]!), 20);
    expect(sent(once, 20)).toEqual(once);
  });

  test('of a text, of several evaluations, of runs that diverged and of half a training is all of it', async () => {
    const whole = await trained({ seeds: [1, 2] });
    const odd: ExperimentResult = {
      ...whole,
      unfinished: true,
      sealed: [],
      runs: whole.runs.slice(1).map((run, i) => ({
        ...run,
        ...{ textHash: 'ab'.repeat(32), bytesPerToken: 1.5, evalSteps: [1, 2], evalLoss: [3.25, run.finalEvalLoss] },
        ...(i === 1
          ? { status: 'diverged' as const, divergedAt: 1, finalEvalLoss: null, finalEvalStandardError: null }
          : {}),
      })),
    };
    const after = sent(odd, 0);
    const inOrder = (runs: ExperimentResult['runs']) =>
      runs
        .map(({ steps: _, trainLoss: __, seconds: ___, ...run }) => run)
        .sort((one, other) => (one.id < other.id ? -1 : 1));
    expect(inOrder(after.runs)).toEqual(inOrder(odd.runs));
    expect(after.unfinished).toBe(true);
  });

  test('of a run that was not over is nothing, and of one that has left for good no loss beyond all measure', async () => {
    const { runs, ...rest } = await trained();
    const far = runs.map((run, i) => ({
      ...run,
      ...(i === 0 ? { status: 'cancelled' as const } : {}),
      ...(i === 1 ? { trainLoss: run.trainLoss.map(() => 1e30) } : {}),
    }));
    const after = sent({ ...rest, sealed: [], runs: far }, 20);
    expect(after.runs.map(({ id }) => id)).not.toContain(runs[0]!.id);
    expect(after.runs.find(({ id }) => id === runs[1]!.id)!.trainLoss.every((loss) => loss === null)).toBe(true);
  });
});

describe('a seal made now', () => {
  test('is over the hash of its curve, so that it can be checked without it', async () => {
    const result = await trained();
    expect(result.sealed[0]!.curveHash).toMatch(/^[0-9a-f]{64}$/);
    const short = sent(result, 0).sealed[0]!;
    const { curve, ...rest } = result.sealed[0]!;
    expect(short).toEqual(rest);
    const [thin] = sent(result, 20).sealed;
    expect(thin!.curve!.thinned).toBe(true);
    for (const step of thin!.curve!.steps) expect(curve!.steps).toContain(step);
    // A file that is none of a link has the whole of it.
    expect(() => checkSeals({ ...result, sealed: [short] })).toThrow(/has another training curve than was sealed/);
    expect(() => checkSeals({ ...result, sealed: [thin!] })).toThrow(/has another training curve than was sealed/);
  });

  test('cannot be changed in a link, nor can what it was made from', async () => {
    const packed = packResult(asLinked(await trained({ seeds: [1, 2] }), 0)) as Packed;
    const rungs = packed.losses.length - 2;
    const changes: [string, (link: Packed) => void][] = [
      ...[...Array(rungs).keys()].map((i): [string, (link: Packed) => void] => [
        `loss ${i}`,
        (link) => (link.losses[i] += 1e-6),
      ]),
      ...Object.keys(packed.sealed[0]!.own).map((field): [string, (link: Packed) => void] => [
        field,
        (link) => (link.sealed[0]!.own[field] = touched(link.sealed[0]!.own[field])),
      ]),
      ['width', (link) => (link.sealed[0]!.width = 8)],
      ['recipe', (link) => (link.sealed[0]!.recipe = 'SP')],
      ['absent', (link) => (link.sealed[0]!.absent = ['points'])],
      ['a setting', (link) => (link.experiment.recipes[0]!.optimizer = { learningRate: 0.5 })],
    ];
    expect(changes.map(([name]) => name)).toEqual(expect.arrayContaining(['sealHash', 'lo', 'hi', 'sealedAt']));
    for (const [name, change] of changes) {
      const forged = structuredClone(packed);
      change(forged);
      // What was measured of the curve is no part of the seal.
      if (name === 'curveHeld') continue;
      expect(() => unpackResult(forged), name).toThrow(InputError);
    }
  });
});

interface Packed {
  experiment: { recipes: Record<string, unknown>[] };
  hash: string;
  losses: number[];
  sealed: { recipe: string; width: number; own: Record<string, unknown>; absent?: string[] }[];
}

function touched(value: unknown): unknown {
  if (typeof value === 'number') return value * (1 + 1e-12);
  const text = String(value);
  return /^\d{4}-/.test(text) ? '2001-01-01T00:00:00.000Z' : (text[0] === '0' ? '1' : '0') + text.slice(1);
}

describe('what is no result', () => {
  test('is refused in one sentence, whatever was changed', async () => {
    const packed = packResult(asLinked(await trained(), 3));
    const leaves = pathsIn(packed);
    fc.assert(
      fc.property(fc.constantFrom(...leaves), fc.jsonValue(), (path, value) => {
        const other = structuredClone(packed);
        put(other, path, value);
        try {
          unpackResult(other);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
          expect((error as Error).message).not.toMatch(/\n/);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('an experiment with other defaults than those of the version that packed it is not taken for it', async () => {
    const packed = packResult(asLinked(await trained(), 0)) as Packed;
    expect(() => unpackResult({ ...packed, hash: '0'.repeat(12) })).toThrow(/read otherwise by this version/);
  });

  test('an experiment of more runs than any may have is not counted out', async () => {
    const packed = packResult(asLinked(await trained(), 0)) as Packed;
    const seeds = Array.from({ length: 32 }, (_, i) => i);
    const values = Array.from({ length: 60 }, (_, i) => 2 ** -i);
    const sweeps = [
      { parameter: 'optimizer.learningRate', values },
      { parameter: 'init.hidden', values },
    ];
    const huge = { ...packed.experiment, seeds, study: { kind: 'basin', sweeps } };
    expect(() => unpackResult({ ...packed, experiment: huge })).toThrow(InputError);
  });
});

type Path = (string | number)[];

/** Every place in a value, groups and leaves. */
function pathsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const within = Object.entries(value).flatMap(([key, one]) => pathsIn(one, [...path, key]));
  return path.length > 0 ? [path, ...within] : within;
}

function put(value: unknown, path: Path, leaf: unknown): void {
  const last = path
    .slice(0, -1)
    .reduce<Record<string, unknown>>(
      (group, key) => group[key] as Record<string, unknown>,
      value as Record<string, unknown>,
    );
  last[path.at(-1)!] = leaf;
}
