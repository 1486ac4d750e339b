/** What the bench compares is the same mathematics: every contender's first losses are those of the float64 reference. */
import { beforeAll, describe, expect, test, type TestContext } from 'vitest';
import { createReferenceEngine } from '../../src/reference/trainer.ts';
import type { Contender } from '../../lab/bench/contender.ts';
import { gptBatches, gptCohort, gptParameters, type GptSize } from '../../lab/bench/gpt.ts';
import { loadPeers } from '../../lab/bench/load-peers.ts';
import { ours } from '../../lab/bench/ours.ts';
import { train } from './cohorts.ts';
import { newEngine } from './shared-device.ts';

/** No two sizes are alike that could be taken for one another. */
const SIZE: GptSize = { layers: 1, width: 32, heads: 2, context: 12, batch: 3, vocabulary: 40 };
const STEPS = 3;

const INSTALLED = import.meta.glob('../../lab/bench/node_modules/.package-lock.json', { exhaustive: true });
/** The project's own packages do not bring them: `npm run bench` does, and looks at their first losses itself. */
const skipWithoutPeers = ({ skip }: TestContext) =>
  skip(Object.keys(INSTALLED).length === 0, 'lab/bench has no packages: npm ci in lab/bench, or a first npm run bench');

const engine = newEngine();
let expected: number[];
beforeAll(async () => {
  const { losses } = await train(createReferenceEngine(), gptCohort(SIZE, { steps: STEPS }));
  expected = losses.get('run 0')!;
});

const prepared = async (contender: Contender) => contender.prepare(SIZE, gptParameters(SIZE), await gptBatches(SIZE));
const peerNamed = async (wanted: string) => (await loadPeers()).find(({ name }) => name === wanted)!;

/** Losses of the first steps, in two turns: what a turn leaves behind is where the next one goes on. */
async function firstLosses(contender: Contender): Promise<number[]> {
  const training = await prepared(contender);
  const turns = [await training.train(1, 1), await training.train(STEPS - 1, 1)];
  await training.dispose();
  const losses = turns.flatMap((turn) => turn.losses);
  expect(losses.map(({ step }) => step)).toEqual(losses.map((_, i) => i));
  expect(turns.every(({ millisecondsPerStep }) => millisecondsPerStep > 0)).toBe(true);
  return losses.slice(0, STEPS).map(({ loss }) => loss);
}

function expectReference(losses: number[]): void {
  expect(losses).toHaveLength(STEPS);
  losses.forEach((loss, step) => expect(Math.abs(loss - expected[step])).toBeLessThan(1e-4));
  // The updates are seen in what follows them.
  expect(new Set(losses).size).toBe(STEPS);
}

describe('a contender of the bench', () => {
  test('our engine has the losses of the reference', async () => {
    expectReference(await firstLosses(ours(engine)));
  });

  for (const name of ['jax-js', 'TensorFlow.js']) {
    test(`${name} has the losses of the reference`, async (context) => {
      skipWithoutPeers(context);
      expectReference(await firstLosses(await peerNamed(name)));
    });
  }

  test('reads a loss as seldom as asked, and after the last step', async (context) => {
    skipWithoutPeers(context);
    const training = await prepared(await peerNamed('jax-js'));
    const { losses } = await training.train(5, 2);
    await training.dispose();
    expect(losses.map(({ step }) => step)).toEqual([1, 3, 4]);
  });

  test('that cannot run on this adapter says so in its own words', async (context) => {
    skipWithoutPeers(context);
    const answer = await prepared(await peerNamed('webgpu-llm')).catch((error: unknown) => error as Error);
    if (!(answer instanceof Error)) {
      expect(engine.adapter.features).toEqual(expect.arrayContaining(['shader-f16', 'subgroups']));
      return answer.dispose();
    }
    expect(answer).toMatchObject({
      name: 'Refusal',
      message: expect.stringMatching(/shader-f16|subgroup/) as unknown,
    });
  });
});
