import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeLabels, spread, type Box } from '../../../src/ui/chart/labels.ts';

const bounds: Box = { x: 0, y: 0, width: 600, height: 400 };
const apart = (a: Box, b: Box) =>
  a.x >= b.x + b.width || b.x >= a.x + a.width || a.y >= b.y + b.height || b.y >= a.y + a.height;

describe('labels beside marks', () => {
  const request = fc.record({
    x: fc.double({ min: 0, max: 600, noNaN: true }),
    y: fc.double({ min: 0, max: 400, noNaN: true }),
    width: fc.integer({ min: 20, max: 160 }),
    importance: fc.integer({ min: 0, max: 5 }),
  });

  it('never touch one another, an obstacle or the edge', () => {
    fc.assert(
      fc.property(fc.array(request, { maxLength: 12 }), (marks) => {
        const requests = marks.map((mark, i) => ({ ...mark, id: String(i), height: 16 }));
        const obstacles = marks.map(({ x, y }) => ({ x: x - 8, y: y - 8, width: 16, height: 16 }));
        const placed = placeLabels(requests, obstacles, bounds);
        placed.forEach((label, i) => {
          expect(label.x).toBeGreaterThanOrEqual(0);
          expect(label.x + label.width).toBeLessThanOrEqual(600);
          expect(label.y).toBeGreaterThanOrEqual(0);
          expect(label.y + label.height).toBeLessThanOrEqual(400);
          for (const other of [...obstacles, ...placed.slice(i + 1)]) expect(apart(label, other)).toBe(true);
        });
      }),
    );
  });

  it('a lone label stands above its mark', () => {
    const [label] = placeLabels([{ id: 'a', x: 300, y: 200, width: 80, height: 16, importance: 1 }], [], bounds);
    expect(label).toMatchObject({ x: 260, y: 172 });
  });

  it('the more important label gets the place, the other one goes elsewhere', () => {
    const at = { x: 300, y: 200, width: 80, height: 16 };
    const placed = placeLabels(
      [
        { ...at, id: 'minor', importance: 1 },
        { ...at, id: 'major', importance: 2 },
      ],
      [],
      bounds,
    );
    expect(placed.map((label) => label.id)).toEqual(['major', 'minor']);
    expect(placed[0].y).toBe(172);
  });

  it('leaves out what has no room at all', () => {
    const request = { id: 'a', x: 300, y: 200, width: 700, height: 16, importance: 1 };
    expect(placeLabels([request], [], bounds)).toEqual([]);
  });
});

describe('labels along a line', () => {
  it('keeps the gap, the order and the ends', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -50, max: 450, noNaN: true }), { minLength: 1, maxLength: 15 }),
        (wanted) => {
          const at = spread(wanted, 14, 0, 400);
          const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b]);
          order.forEach((index, i) => {
            expect(at[index]).toBeGreaterThanOrEqual(-1e-9);
            expect(at[index]).toBeLessThanOrEqual(400 + 1e-9);
            if (i > 0) expect(at[index] - at[order[i - 1]]).toBeGreaterThanOrEqual(14 - 1e-9);
          });
        },
      ),
    );
  });

  it('moves nothing that has room', () => expect(spread([10, 50, 90], 14, 0, 100)).toEqual([10, 50, 90]));
  it('moves neighbours apart evenly', () => expect(spread([50, 50], 10, 0, 100)).toEqual([45, 55]));
  it('spreads evenly what cannot all keep the gap', () => expect(spread([5, 5, 5], 60, 0, 100)).toEqual([0, 50, 100]));
});
