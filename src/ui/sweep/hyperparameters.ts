/** Swept hyperparameters in the field's words. */
import { PARAMETER_NAMES, parameterName } from '../../checks/wording.ts';
import { SWEEPABLE, type Sweepable } from '../../model/study.ts';

const SYMBOLS: Record<Sweepable, string> = {
  'optimizer.learningRate': 'η',
  'optimizer.weightDecay': 'λ',
  'init.embedding': 'σ',
  'init.hidden': 'σ',
  'init.unembedding': 'σ',
  'multipliers.embedding': 'α',
  'multipliers.attention': 'α',
  'multipliers.unembedding': 'α',
};

export const HYPERPARAMETERS = SWEEPABLE.map((parameter) => ({
  parameter,
  name: PARAMETER_NAMES[parameter],
  /** `learning rate η` */
  text: `${PARAMETER_NAMES[parameter]} ${SYMBOLS[parameter]}`,
}));

export const nameOf = parameterName;
