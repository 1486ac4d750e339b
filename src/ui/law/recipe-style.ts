/** How each recipe is drawn wherever it stands: by colour and by the shape of its points, so that either one tells. */
import type { Shape } from '../chart/shapes.ts';

export interface RecipeStyle {
  color: string;
  shape: Shape;
}

const COLORS = ['var(--mup)', 'var(--warn)', 'var(--ok)', 'var(--bad)'];
/** Without the diamond, which stands for what is predicted. */
const SHAPES: readonly Shape[] = ['circle', 'square', 'triangle', 'pentagon', 'star'];

export const recipeStyle = (index: number): RecipeStyle => ({
  color: COLORS[index % COLORS.length],
  shape: SHAPES[index % SHAPES.length],
});
