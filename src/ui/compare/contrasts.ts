/** Common questions as pairs of recipes that differ in one thing, made from a recipe at hand. */
import type { Architecture, Recipe } from '../../model/recipe.ts';
import { onSide, SIDES } from '../state/contrast.ts';

export interface Contrast {
  id: string;
  text: string;
  about: string;
  /** What a comparison of the two is called. */
  question: string;
  /** The two recipes, or null where the base cannot be had on both sides. */
  pair: (base: Recipe) => [Recipe, Recipe] | null;
}

type Option = { name: string } & Partial<Architecture>;

function blocks(id: string, text: string, about: string, question: string, one: Option, other: Option): Contrast {
  const side =
    (base: Recipe) =>
    ({ name, ...option }: Option): Recipe => ({
      ...structuredClone(base),
      name,
      architecture: { ...base.architecture, ...option },
      // A query of zeros has no direction that QK-norm could keep, and the sides shall differ in nothing else.
      init: { ...base.init, query: id === 'qk-norm' || base.architecture.qkNorm ? 'key' : base.init.query },
    });
  return { id, text, about, question, pair: (base) => [side(base)(one), side(base)(other)] };
}

const positions = blocks(
  'position',
  'learned, RoPE',
  'Learned positions against rotated queries and keys',
  'Is RoPE better than learned positions?',
  { name: 'Learned positions', position: 'learned' },
  { name: 'RoPE', position: 'rope' },
);

export const CONTRASTS: readonly Contrast[] = [
  {
    id: 'parametrization',
    text: 'μP, SP',
    about: 'μP against the usual parametrization',
    question: 'Is μP better than SP?',
    pair: (base) => {
      const [muP, sp] = SIDES.parametrization;
      return [onSide(base, 'parametrization', muP), onSide(base, 'parametrization', sp)];
    },
  },
  blocks(
    'swiglu',
    'GELU, SwiGLU',
    'A plain MLP against one with a gate, with about as many parameters',
    'Is SwiGLU better than GELU?',
    { name: 'GELU', activation: 'gelu' },
    { name: 'SwiGLU', activation: 'swiglu' },
  ),
  blocks(
    'relu2',
    'GELU, ReLU²',
    'Two activations of the MLP',
    'Is ReLU² better than GELU?',
    { name: 'GELU', activation: 'gelu' },
    { name: 'ReLU2', activation: 'relu2' },
  ),
  blocks(
    'norm',
    'LayerNorm, RMSNorm',
    'Taking the mean away, or only rescaling',
    'Is RMSNorm better than LayerNorm?',
    { name: 'LayerNorm', norm: 'layernorm' },
    { name: 'RMSNorm', norm: 'rmsnorm' },
  ),
  blocks(
    'qk-norm',
    'without, with QK-norm',
    'Queries and keys as they are, or normalised head by head',
    'Does QK-norm help?',
    { name: 'Without QK-norm', qkNorm: false },
    { name: 'With QK-norm', qkNorm: true },
  ),
  blocks(
    'precision',
    'float32, float16',
    'Full precision, or inputs, weights and gradients rounded where they are multiplied',
    'Is float16 enough?',
    { name: 'float32', precision: 'float32' },
    { name: 'float16', precision: 'float16' },
  ),
  // RoPE turns pairs of numbers.
  { ...positions, pair: (base) => (base.headSize % 2 === 0 ? positions.pair(base) : null) },
];

/** The contrast that the recipes are an example of; null for recipes of one's own. */
export function contrastIn(recipes: readonly Recipe[]): Contrast | null {
  const now = JSON.stringify(recipes);
  return CONTRASTS.find(({ pair }) => JSON.stringify(pair(recipes[0])) === now) ?? null;
}

/** A copy to change, with a name that none of the others has. */
export function copyOf(recipe: Recipe, recipes: readonly Recipe[]): Recipe {
  const stem = recipe.name.replace(/ \d+$/, '');
  let number = 2;
  while (recipes.some(({ name }) => name === `${stem} ${number}`)) number++;
  return { ...structuredClone(recipe), name: `${stem} ${number}` };
}
