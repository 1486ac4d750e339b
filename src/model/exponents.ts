/**
 * The rules of muP, each a power of how many times its base something is: by axis (m = d/d0, m_L = L/L0), by what a tensor is,
 * and by how the size of an update goes with its gradient's. docs/parametrization.md derives every one of them, and a test
 * holds its tables to these. A further axis is a further table beside WIDTH and DEPTH, and its ratio in parametrization.ts.
 */
import type { DepthRule, Recipe, TensorRole } from './recipe.ts';

/** What a tensor is to the rules. Hidden matrices stand between activations of the width: fan-in and fan-out both grow. */
export type Part = 'embedding' | 'gain' | 'sharedGain' | 'hidden' | 'unembedding';

interface Role {
  part: Part;
  /** Weights start with this standard deviation, over the roots of the sizes; null: at 1. */
  sigma: keyof Recipe['init'] | null;
  over: ('fanIn' | 'baseWidth' | 'branches')[];
}

export const ROLES: Record<TensorRole, Role> = {
  embedding: { part: 'embedding', sigma: 'embedding', over: [] },
  norm: { part: 'gain', sigma: null, over: [] },
  query: { part: 'hidden', sigma: 'query', over: ['fanIn'] },
  key: { part: 'hidden', sigma: 'hidden', over: ['fanIn'] },
  value: { part: 'hidden', sigma: 'hidden', over: ['fanIn'] },
  attentionOut: { part: 'hidden', sigma: 'hidden', over: ['fanIn', 'branches'] },
  gate: { part: 'hidden', sigma: 'hidden', over: ['fanIn'] },
  up: { part: 'hidden', sigma: 'hidden', over: ['fanIn'] },
  down: { part: 'hidden', sigma: 'hidden', over: ['fanIn', 'branches'] },
  unembedding: { part: 'unembedding', sigma: 'unembedding', over: ['baseWidth'] },
};

/** An update is as large as its gradient, or has entries of a size of its own, or a spectral norm of its own. */
export type UpdateSize = 'gradient' | 'entries' | 'spectral';

/** Powers of m. ε goes as a gradient's entry does; that of a gain which m heads share is a sum of m. */
export const WIDTH: {
  learningRate: Record<UpdateSize, Record<Part, number>>;
  epsilon: Record<Part, number>;
  unembedding: number;
} = {
  learningRate: {
    entries: { embedding: 0, gain: 0, sharedGain: 0, hidden: -1, unembedding: 0 },
    gradient: { embedding: 1, gain: 1, sharedGain: 0, hidden: 0, unembedding: 1 },
    spectral: { embedding: 0, gain: 0, sharedGain: 0, hidden: 0, unembedding: 0 },
  },
  epsilon: { embedding: -1, gain: -1, sharedGain: 0, hidden: -1, unembedding: -1 },
  unembedding: -1,
};

/** Powers of d_h/d_h0. */
export const HEAD_SIZE = { attention: -1 };

/** Powers of m_L, for what stands inside the blocks. */
export const DEPTH: Record<DepthRule, { learningRate: Record<UpdateSize, number>; epsilon: number; branch: number }> = {
  none: { learningRate: { entries: 0, gradient: 0, spectral: 0 }, epsilon: 0, branch: 0 },
  'depth-mup': { learningRate: { entries: -0.5, gradient: 0, spectral: -0.5 }, epsilon: -0.5, branch: -0.5 },
  completep: { learningRate: { entries: 0, gradient: 1, spectral: 0 }, epsilon: -1, branch: -1 },
};
