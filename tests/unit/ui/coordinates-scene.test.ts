import { describe, expect, it } from 'vitest';
import { checksOf } from '../../../src/checks/checks.ts';
import { brokenRole, brokenRule, learningRatePower } from '../../../src/ui/coordinates/broken-rule.ts';
import { coordinatesHeadline } from '../../../src/ui/coordinates/headline.ts';
import { culpritsFirst, moduleRows, moduleTitle, withParts } from '../../../src/ui/coordinates/modules.ts';
import { cellsOf, flatWedge, sizeAxis, stepColor, stepItems, stepLines } from '../../../src/ui/coordinates/scene.ts';
import { coordinatesTable } from '../../../src/ui/coordinates/table.ts';
import { checkExperiment, fakeCheckRuns } from './fake-checks.ts';

const experiment = checkExperiment({ kind: 'coordinates' });
const { coordinates } = checksOf(experiment, fakeCheckRuns(experiment));
const rows = moduleRows(coordinates);

describe('the steps of the coordinate chart', () => {
  const brightness = (color: string) => {
    const [r, g, b] = color.match(/\d+/g)!.map(Number);
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
  };

  it.each([false, true])('are of one scale from the ground away, each apart from the next; dark: %s', (isDark) => {
    const steps = [0, 1, 2, 4, 1000, 100_000];
    const all = steps.map(stepColor(steps, isDark)).map(brightness);
    const sign = isDark ? 1 : -1;
    for (let i = 1; i < all.length; i++) expect(sign * (all[i]! - all[i - 1]!)).toBeGreaterThan(12);
    const items = stepItems(steps, 4, isDark);
    expect(items.map(({ text }) => text)).toEqual(['step 0', '1', '2', '4', '1000', '100000', 'chosen: 4']);
    expect(items.slice(0, -1).map(({ color }) => color)).toEqual(steps.map(stepColor(steps, isDark)));
  });

  it('are named from the first to the last where there are many', () => {
    const steps = Array.from({ length: 50 }, (_, i) => i);
    expect(stepItems(steps, 49, false).map(({ text }) => text)).toEqual([
      ...['step 0', '10', '20', '29', '39', '49', 'chosen: 49'],
    ]);
  });
});

describe('what the coordinate chart shows', () => {
  it('has the modules in the order of the forward pass, each with its parts and every recipe', () => {
    expect(rows.map(({ title }) => title)).toEqual([
      'embedding',
      'attention, layer 0',
      'MLP, layer 0',
      'final norm',
      'logits',
    ]);
    expect(rows[1].parts.map(({ title }) => title)).toEqual(['queries, layer 0', 'keys, layer 0', 'values, layer 0']);
    expect(rows[1].sides.map(({ recipe, module }) => [recipe, module?.verdict])).toEqual([
      ['muP', 'flat'],
      ['SP', 'grows'],
    ]);
    expect(withParts(rows)).toHaveLength(rows.length + 4);
  });

  it('draws a line for each step, and a wedge for what counts as flat', () => {
    const attention = rows[1].sides[1].module!;
    const lines = stepLines(attention, coordinates[1]);
    expect(lines.map(({ step }) => step)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(lines[5].points[2][1] / lines[5].points[0][1]).toBeCloseTo(4 ** 0.7, 9);
    const wedge = flatWedge(lines[5], 0.1);
    expect(wedge[2].hi / wedge[0].hi).toBeCloseTo(4 ** 0.1, 9);
    expect(flatWedge({ step: 0, points: [[8, NaN]] }, 0.1)).toEqual([]);
  });

  it('gives a module that keeps its size an axis on which it looks flat', () => {
    const [lo, hi] = sizeAxis(rows[0]).domain;
    expect(hi / lo).toBeGreaterThanOrEqual(4);
  });

  it('shows the culprit first, also a part where only modules are shown', () => {
    const name = 'layers.0.attn.key';
    const blaming = [{ ...coordinates[0], culprit: { module: name, role: 'key' as const, step: 1 } }];
    expect(culpritsFirst(blaming, rows, rows).map((row) => row.name)).toEqual([name, ...rows.map((row) => row.name)]);
    const all = culpritsFirst(blaming, rows, withParts(rows)).map((row) => row.name);
    expect(all[0]).toBe(name);
    expect([...all].sort()).toEqual(
      withParts(rows)
        .map((row) => row.name)
        .sort(),
    );
    expect(culpritsFirst([], rows, rows)).toEqual(rows);
  });

  it.each([330, 640, 1000])('fits in %s pixels', (width) => {
    const { cells, height } = cellsOf(rows.length, 2, width);
    for (const { boxes } of cells) {
      for (const box of boxes) {
        expect(box.x + box.width).toBeLessThanOrEqual(width);
        expect(box.y + box.height).toBeLessThan(height);
      }
    }
  });

  it('has every number in its table', () => {
    const table = coordinatesTable(coordinates);
    const modules = withParts(rows).length;
    expect(table.rows).toHaveLength(2 * modules * 6);
    expect(table.rows.every((row) => row.length === table.columns.length)).toBe(true);
  });

  it('names modules in words', () => {
    expect([moduleTitle('layers.3.mlp.up'), moduleTitle('layers.0.attn'), moduleTitle('final.norm')]).toEqual([
      'MLP up, layer 3',
      'attention, layer 0',
      'final norm',
    ]);
  });
});

describe('the coordinate headline', () => {
  it('asks first, and then says what grows', () => {
    expect(coordinatesHeadline(experiment, [], false).title).toMatch(/^Do activations keep their size/);
    expect(coordinatesHeadline(experiment, coordinates, false).title).toBe(
      'Under μP every module keeps its size; under SP attention, MLP and logits grow.',
    );
  });
});

describe('a rule broken on purpose', () => {
  it.each([
    ['adamw', 'key', -1],
    ['adamw', 'embedding', 0],
    ['sgd', 'key', 0],
    ['sgd', 'embedding', 1],
    ['lion', 'down', -1],
    ['muon', 'up', 0],
  ] as const)('under %s the learning rate of %s goes as m^%s', (kind, role, power) => {
    const { recipes } = checkExperiment({ kind: 'coordinates' }, ({ recipes }) => {
      const every = { learningRate: 0.1, weightDecay: 0, clip: 1 };
      const adam = { beta1: 0.9, beta2: 0.95, epsilon: 1e-8 };
      recipes[0].optimizer = {
        adamw: { kind: 'adamw' as const, ...every, ...adam },
        sgd: { kind: 'sgd' as const, ...every, momentum: 0.9 },
        lion: { kind: 'lion' as const, ...every, beta1: 0.9, beta2: 0.99 },
        muon: { kind: 'muon' as const, ...every, ...adam, momentum: 0.95, adamMultiplier: 1 },
      }[kind];
    });
    expect(learningRatePower(recipes[0], role)).toBe(power);
    expect(brokenRule(recipes[0], role)).toEqual({
      tensor: role,
      multiplier: 'learningRate',
      exponent: power + 1,
    });
  });

  it('asks nothing of tensors that are not there', () => {
    expect(learningRatePower(experiment.recipes[0], 'gate')).toBeNull();
  });

  it('is found by the check and named', () => {
    const broken = checkExperiment({ kind: 'coordinates' }, ({ recipes }) => {
      recipes[0].rules = [brokenRule(recipes[0], 'value')];
    });
    expect(brokenRole(broken.recipes[0])).toBe('value');
    const { coordinates: found } = checksOf(broken, fakeCheckRuns(broken));
    expect(coordinatesHeadline(broken, found, false).title).toMatch(
      /^Under μP values, layer 0 grows: look at the rule of the value matrices; under SP/,
    );
  });
});
