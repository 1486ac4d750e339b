/** What the bench compares is the same mathematics: every contender's first losses are those of the float64 reference. */
import { beforeAll, describe, expect, test } from 'vitest';
import { createReferenceEngine } from '../../src/reference/trainer.ts';
import { gptBatches, gptCohort, gptParameters, type GptSize } from '../../lab/bench/gpt.ts';
import type { Contender } from '../../lab/bench/peers/contender.ts';
import { jaxJs } from '../../lab/bench/peers/jax-js.ts';
import { ours } from '../../lab/bench/peers/ours.ts';
import { tensorflow } from '../../lab/bench/peers/tensorflow.ts';
import { webgpuLlm } from '../../lab/bench/peers/webgpu-llm.ts';
import { train } from './cohorts.ts';
import { newEngine } from './shared-device.ts';

/** No two sizes are alike that could be taken for one another. */
const SIZE: GptSize = { layers: 1, width: 32, heads: 2, context: 12, batch: 3, vocabulary: 40 };
const STEPS = 3;

const engine = newEngine();
let expected: number[];
beforeAll(async () => {
  const { losses } = await train(createReferenceEngine(), gptCohort(SIZE, { steps: STEPS }));
  expected = losses.get('run 0')!;
});

const prepared = (contender: Contender) => contender.prepare(SIZE, gptParameters(SIZE), gptBatches(SIZE));

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

describe('a contender of the bench', () => {
  const contenders: [string, () => Contender][] = [
    ['our engine', () => ours(engine)],
    [jaxJs.name, () => jaxJs],
    [tensorflow.name, () => tensorflow],
  ];
  test.each(contenders)('%s has the losses of the reference', async (_, contender) => {
    const losses = await firstLosses(contender());
    expect(losses).toHaveLength(STEPS);
    losses.forEach((loss, step) => expect(Math.abs(loss - expected[step])).toBeLessThan(1e-4));
    // The updates are seen in what follows them.
    expect(new Set(losses).size).toBe(STEPS);
  });

  test('reads a loss as seldom as asked, and after the last step', async () => {
    const training = await prepared(jaxJs);
    const { losses } = await training.train(5, 2);
    await training.dispose();
    expect(losses.map(({ step }) => step)).toEqual([1, 3, 4]);
  });

  test('that cannot run on this adapter says so in its own words', async () => {
    const answer = await prepared(webgpuLlm).catch((error: unknown) => error as Error);
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
