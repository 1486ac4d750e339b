/** Settings that are words: how each reads on the page. */

export const SCHEDULES = [
  { value: 'wsd', text: 'warm-up, stable, decay' },
  { value: 'cosine', text: 'cosine' },
  { value: 'constant', text: 'constant' },
];

export const OPTIMIZERS = [
  { value: 'adamw', text: 'AdamW' },
  { value: 'sgd', text: 'SGD, momentum' },
  { value: 'lion', text: 'Lion' },
  { value: 'muon', text: 'Muon' },
];

export const NORMS = [
  { value: 'layernorm', text: 'LayerNorm' },
  { value: 'rmsnorm', text: 'RMSNorm' },
];

export const ACTIVATIONS = [
  { value: 'gelu', text: 'GELU' },
  { value: 'relu2', text: 'ReLU²' },
  { value: 'swiglu', text: 'SwiGLU' },
];

export const POSITIONS = [
  { value: 'learned', text: 'learned' },
  { value: 'rope', text: 'RoPE' },
  { value: 'none', text: 'none' },
];

export const PRECISIONS = [
  { value: 'float32', text: 'float32' },
  { value: 'float16', text: 'float16' },
];

/** How a chosen word reads on the page. */
export const choiceWords = (choices: readonly { value: string; text: string }[], value: string): string =>
  choices.find((choice) => choice.value === value)?.text ?? value;
