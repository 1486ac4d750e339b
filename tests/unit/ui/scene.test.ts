import { describe, expect, it } from 'vitest';
import { presetExperiment } from '../../../src/model/presets.ts';
import { countParameters, modelShape } from '../../../src/model/shape.ts';
import { droppedSentence, makeAxis, paddedDomain } from '../../../src/ui/chart/axis.ts';
import { headlineOf, type PredictedState } from '../../../src/ui/predict/headline.ts';
import { domainsOf, piecesOf, scalingTable } from '../../../src/ui/law/scaling-marks.ts';
import { forecastOf, sceneOf, type SceneInput } from '../../../src/ui/law/ladder-scene.ts';
import { fakeFit, fakeRun, fakeSeal } from './fake-stream.ts';

const experiment = presetExperiment('smoke');
const { ladder, seeds, recipes } = experiment;
const recipe = recipes[0];
const quiet: PredictedState = { isBusy: false, trainingWidths: [] };

function input(trained: number[], changes: Partial<SceneInput> = {}): SceneInput {
  const runs = trained.map((width) => fakeRun(experiment, width, 1));
  return { recipe, ladder, seeds, runs, sealed: [], facts: null, excluded: [], abscissa: 'width', ...changes };
}

describe('what the scaling chart shows', () => {
  it('asks the analyst about the rungs that are in, and for the targets', () => {
    const { request } = sceneOf(input([8, 12, 16], { excluded: [12] }));
    expect(request?.points.map((point) => point.x)).toEqual([8, 16]);
    expect(request?.targets).toEqual([48]);
    expect(request!.grid[0]).toBeLessThan(8);
    expect(request!.grid.at(-1)).toBeGreaterThan(48);
  });

  it('tells the analyst how many seeds a mean is of', () => {
    const runs = [1, 2].map((seed) => ({ ...fakeRun(experiment, 8, seed), finalEvalLoss: 4 + seed / 100 }));
    const { request } = sceneOf(input([], { runs, seeds: [1, 2] }));
    expect(request?.points).toEqual([{ x: 8, loss: 4.015, standardError: expect.closeTo(0.005, 12), seeds: 2 }]);
  });

  it('takes the largest target for the last one, in whatever order a file names them', () => {
    const targets = [64, 96, 48];
    const scene = sceneOf(input([8, 12, 16], { ladder: { rungs: [16, 8, 12], targets } }));
    expect(scene.targets.map(({ width }) => width)).toEqual([48, 64, 96]);
    expect(headlineOf(scene, fakeFit(scene.request!), quiet).lead).toBe('Width 96 will reach ');
    const sealed = targets.map((width) => ({ ...fakeSeal(experiment, width), actual: 4, verdict: 'inside' as const }));
    const checked = sceneOf(input([8, 12, 16], { ladder: { rungs: [8, 12, 16], targets }, sealed }));
    expect(headlineOf(checked, null, quiet).lead).toBe('Width 96 was predicted at ');
    expect(headlineOf(sceneOf(input([], { ladder: { rungs: [8], targets } })), null, quiet).lead).toBe(
      'What will the loss be at width 96?',
    );
  });

  it('has no point and no verdict from the seeds that survived, and says so', () => {
    const diverging = (width: number) => ({
      ...fakeRun(experiment, width, 2),
      ...{ status: 'diverged' as const, divergedAt: 40, finalEvalLoss: null },
    });
    const runs = [8, 12, 16, 24].map((width) => [fakeRun(experiment, width, 1), fakeRun(experiment, width, 2)]);
    const lost = [...runs.slice(0, 3).flat(), runs[3][0], diverging(24), fakeRun(experiment, 48, 1), diverging(48)];
    const scene = sceneOf(input([], { runs: lost, seeds: [1, 2], sealed: [fakeSeal(experiment, 48)] }));
    expect(scene.request!.points.map(({ x }) => x)).toEqual([8, 12, 16]);
    expect(scene.leftOut).toEqual(['Width 24 takes no part: 1 of 2 seeds diverged (seed 2 at step 40).']);
    expect(headlineOf(scene, fakeFit(scene.request!), quiet).sub).toMatch(
      /Sealed; trained and not judged: 1 of 2 seeds diverged \(seed 2 at step 40\)\.$/,
    );
  });

  it('says of a sealed prediction what it was made from, whatever is fitted now', () => {
    const points = [8, 12, 16].map((x) => ({ x, loss: 4, runs: [] }));
    const scene = sceneOf(input([8, 12, 16, 24], { excluded: [8], sealed: [{ ...fakeSeal(experiment, 48), points }] }));
    expect(headlineOf(scene, null, quiet).sub).toContain('from three trained widths, 8 to 16.');
  });

  it('asks nothing before anything is trained', () => expect(sceneOf(input([])).request).toBeNull());

  it('never fits a target, and leaves out widths and seeds that were taken off the ladder', () => {
    const scene = sceneOf(input([8, 12, 48], { ladder: { rungs: [8, 16], targets: [48] } }));
    expect(scene.rungs.map((rung) => rung.width)).toEqual([8]);
    expect(sceneOf(input([8, 12], { seeds: [2] })).rungs).toEqual([]);
  });

  it('can stand on parameters', () => {
    const { rungs } = sceneOf(input([8], { abscissa: 'nonEmbedding' }));
    expect(rungs[0].x).toBe(countParameters(modelShape(recipe, 8, 64)).nonEmbedding);
  });

  it('draws the law solid between the rungs only, whichever side a target lies on', () => {
    const curve = [4, 8, 12, 16, 48].map((x) => [x, 1] as const);
    const xs = (piece: readonly (readonly [number, number])[]) => piece.map(([x]) => x);
    const { below, fitted, above } = piecesOf(curve, 8, 16);
    expect([xs(below), xs(fitted), xs(above)]).toEqual([
      [4, 8],
      [8, 12, 16],
      [16, 48],
    ]);
  });

  it('has every number of the drawing in its table', () => {
    const scene = sceneOf(
      input([8, 12, 16], { sealed: [{ ...fakeSeal(experiment, 48), actual: 4.04, verdict: 'inside' }] }),
    );
    const { columns, rows } = scalingTable(scene, fakeFit(scene.request!));
    expect(rows).toHaveLength(4);
    expect(rows.every((row) => row.length === columns.length)).toBe(true);
    expect(rows[3]).toEqual(expect.arrayContaining([48, 'target, sealed', 4.04, 'inside']));
  });

  it('leaves room for the entropy when it is near, and says so when it is not', () => {
    const facts = (entropy: number) => ({
      recipe: 'muP',
      vocabulary: 64,
      entropyRate: entropy,
      evaluationEntropy: entropy,
      textHash: null,
      notes: [],
    });
    const near = sceneOf(input([8, 12, 16], { facts: facts(4.1) }));
    expect(domainsOf(near, null, 'log', 'lin')).toMatchObject({ hasEntropy: true });
    expect(domainsOf(near, null, 'log', 'lin').y[0]).toBeLessThan(4.1);
    expect(domainsOf(sceneOf(input([8, 12, 16], { facts: facts(0.1) })), null, 'log', 'lin').hasEntropy).toBe(false);
  });
});

describe('the headline', () => {
  it('invites, counts, predicts, and tells what came of it', () => {
    const says = (scene: ReturnType<typeof sceneOf>, busy = quiet) => {
      const { lead, number, tail, sub } = headlineOf(scene, scene.request && fakeFit(scene.request), busy);
      return `${lead}${number}${tail} | ${sub}`;
    };
    expect(says(sceneOf(input([])))).toMatch(
      /^What will the loss be at width 48\? \| Train five small models, 8 to 32\./,
    );
    expect(says(sceneOf(input([8])))).toMatch(/^One width trained \| Two more widths/);
    expect(says(sceneOf(input([8, 12, 16])))).toMatch(
      /^Width 48 will reach \d\.\d{3} \| nats per token, 80 % interval \d\.\d{3} to \d\.\d{3}, from three trained widths, 8 to 16\. Provisional/,
    );
    const sealed = fakeSeal(experiment, 48);
    const all = [8, 12, 16, 24, 32];
    expect(says(sceneOf(input(all, { sealed: [sealed] })), { isBusy: true, trainingWidths: [48] })).toMatch(
      /Sealed; now training to check/,
    );
    const revealed = { ...sealed, actual: 4.2, verdict: 'above' as const };
    expect(says(sceneOf(input(all, { sealed: [revealed] })))).toMatch(
      /^Width 48 was predicted at \d\.\d{3} and reached 4\.200 \| .*above the 80 % interval \d\.\d{3} to \d\.\d{3} that was sealed/,
    );
  });
});

describe('what a prediction rests on', () => {
  const scene = sceneOf(input([8, 12, 16, 24]));
  const earlier = sceneOf(input([8, 12, 16])).request!;

  it('are the widths of the law that says it, also when there are more by now', () => {
    expect(headlineOf(scene, fakeFit(earlier), quiet).sub).toContain('from three trained widths, 8 to 16.');
  });

  it('are the widths that a seal was made from', () => {
    const points = [8, 12, 16].map((x) => ({ x, loss: 4, runs: [`mup-w${x}-s1`] }));
    const sealed = [{ ...fakeSeal(experiment, 48), points }];
    const { sub } = headlineOf(sceneOf(input([8, 12, 16, 24], { sealed })), fakeFit(scene.request!), quiet);
    expect(sub).toContain('from three trained widths, 8 to 16. Sealed');
  });
});

describe('several sealed predictions', () => {
  it('none of which held are counted as none', () => {
    const seals = [40, 48].map((width) => ({
      ...fakeSeal(experiment, width),
      actual: 4.2,
      verdict: 'above' as const,
    }));
    const scene = sceneOf(input([8, 12, 16], { ladder: { rungs: [8, 12, 16], targets: [40, 48] }, sealed: seals }));
    expect(headlineOf(scene, null, quiet).sub).toMatch(/None of two sealed predictions held\.$/);
  });
});

describe('a target that an earlier version judged by the seeds that survived', () => {
  const says = (verdicts: Record<number, 'inside' | 'above'>, lost: number[]) => {
    const widths = Object.keys(verdicts).map(Number);
    const runs = widths.flatMap((width) =>
      [1, 2].map((seed) => ({
        ...fakeRun(experiment, width, seed),
        ...(seed === 2 && lost.includes(width) ? { status: 'diverged' as const, divergedAt: 3 } : {}),
      })),
    );
    const sealed = widths.map((width) => ({ ...fakeSeal(experiment, width), actual: 4, verdict: verdicts[width] }));
    const scene = sceneOf(input([], { ladder: { rungs: [8], targets: widths }, seeds: [1, 2], runs, sealed }));
    return headlineOf(scene, null, quiet).sub.replace(/\d\.\d{3} to \d\.\d{3}/, 'R');
  };
  const mean = '1 of 2 seeds diverged (seed 2 at step 3): this is the mean of the others, and no verdict.';

  it.each([
    [{ 48: 'inside' }, [48], `80 % interval R. ${mean}`],
    [{ 32: 'inside', 48: 'inside' }, [48], `80 % interval R. ${mean} One other sealed prediction held.`],
    [{ 32: 'above', 48: 'inside' }, [48], `80 % interval R. ${mean} One other sealed prediction did not hold.`],
    [{ 24: 'above', 32: 'inside', 48: 'inside' }, [48], `80 % interval R. ${mean} One of two sealed predictions held.`],
    [
      { 24: 'inside', 32: 'inside', 48: 'inside' },
      [32],
      '80 % interval R. Two of two sealed predictions held. One other with a diverged seed is not counted.',
    ],
    [
      { 24: 'inside', 32: 'inside', 48: 'above' },
      [24, 32],
      'above the 80 % interval R that was sealed before it was trained. Two others with a diverged seed are not counted.',
    ],
  ] as const)('is said to be one, and does not count as held: %j', (verdicts, lost, sub) => {
    expect(says(verdicts, [...lost])).toBe(`nats per token, ${sub}`);
  });
});

it('says of a seal that an earlier version made from the seeds that survived that it was', () => {
  const [whole, kept] = [8, 12].map((width) => [1, 2].map((seed) => fakeRun(experiment, width, seed)));
  const runs = [...whole, kept[0], { ...kept[1], status: 'diverged' as const, divergedAt: 3, finalEvalLoss: null }];
  const from = (widths: number[]) => {
    const points = widths.map((x) => ({ x, loss: 4, runs: [`mup-w${x}-s1`] }));
    const scene = sceneOf(input([], { runs, seeds: [1, 2], sealed: [{ ...fakeSeal(experiment, 48), points }] }));
    return forecastOf(scene.targets[0], null)!.sealedFromSurvivors;
  };
  expect(from([8, 12])).toBe(
    'sealed also from the seeds that survived at width 12, where 1 of 2 seeds diverged (seed 2 at step 3)',
  );
  expect(from([8, 16])).toBe('');
});

describe('axes', () => {
  it('a log axis has no place for values at or below zero, and says how many it leaves out', () => {
    const axis = makeAxis({ kind: 'log', domain: [1, 100] }, [0, 100], 5);
    expect(axis.at(0)).toBeNaN();
    expect(axis.at(-3)).toBeNaN();
    expect(axis.at(10)).toBeCloseTo(50);
    expect(paddedDomain([-1, 0, 4, 8], 'log')[0]).toBeGreaterThan(3);
    expect(droppedSentence([1, 0, -2], 'log', ['loss', 'losses'])).toBe(
      '2 losses at or below zero are not drawn: a log axis has no place for them.',
    );
    expect(droppedSentence([1, 0, -2], 'lin', ['loss', 'losses'])).toBeNull();
  });

  it('few decades have ticks at 1, 2 and 5, many at the decades only', () => {
    const textsOf = (domain: [number, number]) =>
      makeAxis({ kind: 'log', domain }, [0, 400], 4).ticks.map((tick) => tick.text);
    expect(textsOf([55, 590])).toEqual(['100', '200', '500']);
    expect(textsOf([0.011, 0.9])).toEqual(['0.02', '0.05', '0.10', '0.20', '0.50']);
    expect(textsOf([0.9, 1100])).toEqual(['1', '10', '100', '1000']);
  });

  it('ticks of a ladder are its widths', () => {
    const axis = makeAxis({ kind: 'log', domain: [7, 60], preferred: [8, 16, 48, 256], format: String }, [0, 100], 5);
    expect(axis.ticks.map((tick) => tick.text)).toEqual(['8', '16', '48']);
  });
});
