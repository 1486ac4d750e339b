import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/model/parse.ts';
import { presetExperiment } from '../../../src/model/presets.ts';
import { Playground } from '../../../src/ui/state/playground.svelte.ts';
import type { ResultsData } from '../../../src/ui/state/results-data.ts';
import type { ConductorOptions } from '../../../src/workers/protocol.ts';
import { fakeEngine, fakeRun, fakeSeal, fakeServices } from './fake-stream.ts';

const experiment = presetExperiment('smoke');
const { rungs, targets } = experiment.ladder;

function measured(): ResultsData {
  const runs = [...rungs, ...targets].map((width) => fakeRun(experiment, width, 1));
  const sealed = targets.map((width) => ({ ...fakeSeal(experiment, width), actual: 4, verdict: 'inside' as const }));
  const { adapter } = fakeEngine;
  return { id: 'a', created: '2026-01-02T12:00:00.000Z', experiment, adapter, runs, sealed, facts: [] };
}

/** A page with everything measured, and what it would ask of the conductor. */
function stage(data = measured()) {
  const asked: ConductorOptions[] = [];
  const playground = new Playground({
    ...fakeServices(fakeEngine, Infinity),
    conduct(options) {
      asked.push(options);
      const nothing = async () => {};
      return { start: nothing, pause() {}, resume() {}, cancel() {}, exclude: nothing, changeLadder: nothing };
    },
  });
  playground.open(data, {}, 'own');
  return { playground, asked };
}

describe('going on from what was measured', () => {
  it('a rung that was trained cannot be made a target: the ladder stays', async () => {
    const { playground } = stage();
    const moved = playground.changeLadder((draft) => draft.moveWidth('rungs', rungs[1]));
    await expect(moved).rejects.toThrow(`width ${rungs[1]} was trained already`);
    await expect(moved).rejects.toBeInstanceOf(InputError);
    expect(playground.draft.values.ladder).toEqual({ rungs, targets });
  });

  it('comes such a ladder by another way, the runs reach the conductor, which refuses it', async () => {
    const { playground, asked } = stage();
    playground.draft.replace({
      ...experiment,
      ladder: { rungs: rungs.slice(0, -1), targets: [rungs.at(-1)!, ...targets] },
    });
    expect(playground.runsToTrain).toBe(1);
    await playground.train();
    expect(asked[0].finished).toHaveLength(rungs.length + targets.length);
  });

  it('a measured target that was removed and added again has its old seal', async () => {
    const { playground, asked } = stage();
    const { sealed } = measured();
    await playground.changeLadder((draft) => draft.removeWidth('targets', targets[0]));
    await playground.changeLadder((draft) => draft.addWidth('rungs', 64));
    await playground.train();
    expect(asked[0].sealed).toEqual(sealed);
    await playground.changeLadder((draft) => draft.addWidth('targets', targets[0]));
    expect(playground.own.sealed).toEqual(sealed);
    await playground.train();
    expect(asked[1].sealed).toEqual(sealed);
    expect(asked[1].finished!.map((run) => run.width)).toContain(targets[0]);
  });

  it.each([[[1, 2]], [[2]]])('starts over with the seeds %j: no runs, no seals', async (seeds) => {
    const { playground, asked } = stage();
    playground.draft.values.seeds = seeds;
    expect(playground.isStale).toBe(true);
    await playground.train();
    expect([asked[0].finished, asked[0].sealed]).toEqual([[], []]);
    expect(playground.own.sealed).toEqual([]);
  });

  it('starts over once the text is found to be another than that of the runs, until that one is chosen', () => {
    const data = measured();
    const { playground } = stage({ ...data, runs: data.runs.map((run) => ({ ...run, textHash: 'ab12' })) });
    const facts = { recipe: 'muP', vocabulary: 64, entropyRate: null, evaluationEntropy: null, notes: [] };
    playground.training.apply({ kind: 'corpus', facts: { ...facts, textHash: 'ab12' } });
    expect(playground.finished).toHaveLength(data.runs.length);
    playground.training.apply({ kind: 'corpus', facts: { ...facts, textHash: 'cd34' } });
    expect(playground.isStale).toBe(true);
    expect(playground.finished).toEqual([]);
    playground.own.forgetOtherText();
    expect(playground.finished).toHaveLength(data.runs.length);
  });
});
