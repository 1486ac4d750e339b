import { describe, expect, it } from 'vitest';
import { makeAxis } from '../../../src/ui/chart/axis.ts';
import { outlinePath } from '../../../src/ui/chart/outline.ts';
import { gridOf } from '../../../src/ui/chart/panels.ts';
import { seriesStyle } from '../../../src/ui/chart/series-style.ts';
import { SHAPES, shapePath } from '../../../src/ui/chart/shapes.ts';
import { heatRamp, sizeRamp } from '../../../src/ui/chart/ramp.ts';

describe('the edge of cells', () => {
  const corner = (i: number, j: number): [number, number] => [i, j];
  const strokes = (path: string) => path.split('M').filter(Boolean).length;

  it('of one cell has four sides, of two neighbours six', () => {
    expect(strokes(outlinePath([[0, 0]], corner))).toBe(4);
    expect(
      strokes(
        outlinePath(
          [
            [0, 0],
            [1, 0],
          ],
          corner,
        ),
      ),
    ).toBe(6);
    expect(outlinePath([], corner)).toBe('');
  });

  it('goes around a hole too', () => {
    const ring = [0, 1, 2].flatMap((i) => [0, 1, 2].map((j) => [i, j] as const)).filter(([i, j]) => i !== 1 || j !== 1);
    expect(strokes(outlinePath(ring, corner))).toBe(12 + 4);
  });
});

describe('panels', () => {
  const spec = {
    count: 5,
    most: 3,
    least: 100,
    tall: (wide: number) => wide / 2,
    edge: { top: 10, right: 5, bottom: 20, left: 30 },
    gap: { x: 10, y: 40 },
  };

  it('fill the width, row by row', () => {
    const { columns, rows, boxes, height } = gridOf({ ...spec, width: 385 });
    expect([columns, rows]).toEqual([3, 2]);
    expect(boxes[2].x + boxes[2].width).toBe(380);
    expect(boxes[3]).toMatchObject({ x: 30, y: boxes[0].height + 50 });
    expect(height).toBe(10 + 2 * boxes[0].height + 40 + 20);
  });

  it('stand below one another where there is no room, and never vanish', () => {
    expect(gridOf({ ...spec, width: 180 }).columns).toBe(1);
    expect(gridOf({ ...spec, width: 20 }).boxes[0].width).toBe(40);
  });
});

describe('series', () => {
  it('differ in shape and dash, not in colour alone', () => {
    const styles = SHAPES.map((_, i) => seriesStyle(i, SHAPES.length, false));
    expect(new Set(styles.map(({ shape }) => shape)).size).toBe(SHAPES.length);
    expect(new Set(styles.map(({ dash }) => dash)).size).toBe(SHAPES.length);
    expect(new Set(styles.map(({ color }) => color)).size).toBe(SHAPES.length);
  });

  it.each(SHAPES)('%s is a closed outline', (shape) => expect(shapePath(shape, 4)).toMatch(/^M.*Z$/));
});

describe('colours along a scale', () => {
  const lightness = (color: string) => {
    const [r, g, b] = color.match(/\d+/g)!.map(Number);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const steps = Array.from({ length: 13 }, (_, i) => i / 12);

  it.each([
    ['maps, light', heatRamp(false), 1],
    ['maps, dark', heatRamp(true), -1],
    ['sizes, light', sizeRamp(false), -1],
  ] as const)('%s: lightness never turns round', (_, ramp, direction) => {
    const values = steps.map((share) => lightness(ramp(share)));
    for (let i = 1; i < values.length; i++) expect((values[i] - values[i - 1]) * direction).toBeGreaterThan(0);
  });
});

it('an axis may name the middles of cells', () => {
  const names = ['a', 'b'];
  const axis = makeAxis(
    { kind: 'lin', domain: [0, 2], only: [0.5, 1.5], format: (at) => names[Math.floor(at)] },
    [0, 100],
    9,
  );
  expect(axis.ticks.map(({ position, text }) => [position, text])).toEqual([
    [25, 'a'],
    [75, 'b'],
  ]);
});
