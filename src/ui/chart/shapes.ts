/** Outlines of marks around the origin, of about one area each, so that series can be told apart without colour. */

export const SHAPES = ['circle', 'square', 'triangle', 'diamond', 'pentagon', 'star'] as const;
export type Shape = (typeof SHAPES)[number];

const CORNERS: Record<Exclude<Shape, 'circle'>, { count: number; turn: number; reach: number; inner?: number }> = {
  square: { count: 4, turn: Math.PI / 4, reach: 1.25 },
  triangle: { count: 3, turn: 0, reach: 1.4 },
  diamond: { count: 4, turn: 0, reach: 1.36 },
  pentagon: { count: 5, turn: 0, reach: 1.18 },
  star: { count: 5, turn: 0, reach: 1.5, inner: 0.65 },
};

/** The path of a shape as large as a circle of radius r. */
export function shapePath(shape: Shape, r: number): string {
  if (shape === 'circle') return `M${-r},0a${r},${r} 0 1,0 ${2 * r},0a${r},${r} 0 1,0 ${-2 * r},0Z`;
  const { count, turn, reach, inner } = CORNERS[shape];
  const corner = (at: number, radius: number) => {
    const angle = turn + (2 * Math.PI * at) / count;
    return `${(radius * Math.sin(angle)).toFixed(2)},${(-radius * Math.cos(angle)).toFixed(2)}`;
  };
  const corners = Array.from({ length: count }, (_, i) =>
    inner === undefined ? [corner(i, r * reach)] : [corner(i, r * reach), corner(i + 0.5, r * inner)],
  );
  return `M${corners.flat().join('L')}Z`;
}

/** Dashes of lines, in the order of the shapes. */
export const DASHES = [undefined, '7 3', '2 3', '9 3 2 3', '4 2', '12 3'] as const;
