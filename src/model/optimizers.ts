/** What is to be known of each optimizer outside its kernel and its reference. */
import type { UpdateSize } from './exponents.ts';
import type { Optimizer } from './recipe.ts';

/** What updates one entry at a time. */
export type OthersUpdate = Exclude<Optimizer['kind'], 'muon'>;

interface OptimizerEntry {
  /** Decides its rules. A spectral update is one of whole matrices, of the hidden ones. */
  size: UpdateSize;
  /** What updates all that is no hidden matrix. */
  others: OthersUpdate;
  /** What it keeps of past gradients, for each tensor that it updates; a spectral update no more than that of the others. */
  moments: readonly string[];
  /** Whether ε stands beside its gradients. */
  hasEpsilon: boolean;
}

export const OPTIMIZERS: Record<Optimizer['kind'], OptimizerEntry> = {
  adamw: { size: 'entries', others: 'adamw', moments: ['first moments', 'second moments'], hasEpsilon: true },
  sgd: { size: 'gradient', others: 'sgd', moments: ['velocities'], hasEpsilon: false },
  lion: { size: 'entries', others: 'lion', moments: ['momenta'], hasEpsilon: false },
  muon: { size: 'spectral', others: 'adamw', moments: ['first moments'], hasEpsilon: false },
};

/** What is kept of past gradients where an optimizer and that of the others train a model together. */
export const momentsOf = (kind: Optimizer['kind']): readonly string[] => OPTIMIZERS[OPTIMIZERS[kind].others].moments;
