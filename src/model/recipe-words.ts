/** The settings of a recipe in the field's words: what each is called, its unit, one line of explanation, and what is often asked about it. */
import type { Recipe } from './recipe.ts';

export interface SettingWords {
  label: string;
  unit?: string;
  about: string;
  /** Another explanation for a kind of optimizer, schedule or corpus. */
  aboutKind?: Readonly<Record<string, string>>;
  /** Written as a power of two where it is one. */
  isPower?: boolean;
  /** Whether it has any meaning beside the recipe's other settings. */
  when?: (recipe: Recipe) => boolean;
  /** Common questions of Compare. */
  questions?: readonly CommonQuestion[];
}

/** Two recipes that differ in one setting. */
export interface CommonQuestion {
  text: string;
  about: string;
  /** What a comparison of the two is called. */
  question: string;
  /** Name and value of each. */
  sides: readonly [one: Side, other: Side];
  /** What must hold on both sides. */
  beside?: { path: string; value: unknown };
}

type Side = readonly [name: string, value: string | boolean];

/** Paths of the settings of a recipe, of every kind that a group may have. */
type PathIn<T> = T extends unknown
  ? {
      [K in keyof T & string]: T[K] extends readonly unknown[] ? K : T[K] extends object ? `${K}.${PathIn<T[K]>}` : K;
    }[keyof T & string]
  : never;
/** The others have controls of their own. */
export type SettingPath = Exclude<
  PathIn<Recipe>,
  'name' | 'rules' | 'seedDraws' | 'corpus.kind' | 'corpus.file' | 'corpus.tokenizer'
>;
type Words<P extends SettingPath = SettingPath> = Readonly<Partial<Record<P, SettingWords>>>;

const model = {
  baseWidth: { label: 'Base width', about: 'Where μP and SP are the same; learning rates are meant for it.' },
  layers: { label: 'Layers', about: 'Blocks of attention and MLP, one after another.' },
  headSize: { label: 'Head size', about: 'Numbers in an attention head, at the base width where heads grow.' },
  growth: { label: 'A wider model has', about: 'Attention may grow either way; μP must hold in both.' },
  context: { label: 'Context', unit: 'tokens', about: 'How many tokens a training sequence holds.' },
} satisfies Words;

const blocks = {
  'architecture.norm': {
    label: 'Norm',
    about: 'LayerNorm takes the mean away, RMSNorm only rescales.',
    questions: [
      {
        text: 'LayerNorm, RMSNorm',
        about: 'Taking the mean away, or only rescaling',
        question: 'Is RMSNorm better than LayerNorm?',
        sides: [
          ['LayerNorm', 'layernorm'],
          ['RMSNorm', 'rmsnorm'],
        ],
      },
    ],
  },
  'architecture.activation': {
    label: 'Activation',
    about: 'What stands between the two matrices of the MLP; SwiGLU adds a gate.',
    questions: [
      {
        text: 'GELU, SwiGLU',
        about: 'A plain MLP against one with a gate, with about as many parameters',
        question: 'Is SwiGLU better than GELU?',
        sides: [
          ['GELU', 'gelu'],
          ['SwiGLU', 'swiglu'],
        ],
      },
      {
        text: 'GELU, ReLU²',
        about: 'Two activations of the MLP',
        question: 'Is ReLU² better than GELU?',
        sides: [
          ['GELU', 'gelu'],
          ['ReLU2', 'relu2'],
        ],
      },
    ],
  },
  'architecture.position': {
    label: 'Position',
    about: 'How a token knows where it stands: a learned vector, rotated queries and keys, or not at all.',
    questions: [
      {
        text: 'learned, RoPE',
        about: 'Learned positions against rotated queries and keys',
        question: 'Is RoPE better than learned positions?',
        sides: [
          ['Learned positions', 'learned'],
          ['RoPE', 'rope'],
        ],
      },
    ],
  },
  'architecture.qkNorm': {
    label: 'QK-norm',
    about: 'Normalises queries and keys head by head; queries then cannot start at zero.',
    questions: [
      {
        text: 'without, with QK-norm',
        about: 'Queries and keys as they are, or normalised head by head',
        question: 'Does QK-norm help?',
        sides: [
          ['Without QK-norm', false],
          ['With QK-norm', true],
        ],
        // A query of zeros has no direction that QK-norm could keep, and the sides shall differ in nothing else.
        beside: { path: 'init.query', value: 'key' },
      },
    ],
  },
  'architecture.tied': { label: 'Tied embeddings', about: 'The output matrix is the token embedding, transposed.' },
  'architecture.precision': {
    label: 'Products in',
    about: 'What inputs, weights and gradients are rounded to where they are multiplied; sums stay float32.',
    questions: [
      {
        text: 'float32, float16',
        about: 'Full precision, or inputs, weights and gradients rounded where they are multiplied',
        question: 'Is float16 enough?',
        sides: [
          ['float32', 'float32'],
          ['float16', 'float16'],
        ],
      },
    ],
  },
} satisfies Words;

const depth = {
  'depth.rule': { label: 'Depth rule', about: 'How branches and learning rates shrink as layers are added.' },
  'depth.baseLayers': {
    label: 'Base layers',
    about: 'The number of layers that the learning rates are meant for.',
    when: ({ depth }: Recipe) => depth.rule !== 'none',
  },
} satisfies Words;

const corpus = {
  'corpus.vocabulary': { label: 'Vocabulary', unit: 'tokens', about: 'Different tokens the source can say.' },
  'corpus.alpha': {
    label: 'Alpha',
    about: 'How fast the source’s modes get weaker; small means much to learn for wide models.',
  },
  'corpus.scale': {
    label: 'Scale',
    about: 'How far from even the next token is; 0 leaves nothing to learn.',
    aboutKind: { recall: 'How much a key says of the next key; 0 draws each by itself.' },
  },
  'corpus.zipf': { label: 'Zipf', about: 'Makes some tokens much more common, as words are.' },
  'corpus.keys': { label: 'Keys', about: 'Different keys, each of which stands before its value.' },
  'corpus.values': { label: 'Values', about: 'Different values; every window gives one of them to each key.' },
  'corpus.noise': { label: 'Noise', about: 'Share of the values that are drawn at random instead of looked up.' },
  'corpus.affinity': { label: 'Affinity', about: 'How much a word prefers some words beside it to others.' },
  'corpus.depth': { label: 'Nesting', about: 'How deep a clause may stand within a clause.' },
  'corpus.again': { label: 'Names again', about: 'How likely a name is one that the window holds already.' },
  'corpus.seed': { label: 'Corpus seed', about: 'Another seed is another source with the same statistics.' },
  'corpus.heldOut': { label: 'Held out', about: 'Share at the end of the text that is kept for measuring.' },
  'corpus.characters': {
    label: 'Characters',
    about: 'Most characters with a token of their own; rarer ones share one.',
    when: ({ corpus }: Recipe) => 'tokenizer' in corpus && corpus.tokenizer === 'characters',
  },
} satisfies Words;

const training = {
  steps: { label: 'Steps', about: 'Updates of the weights.' },
  batch: { label: 'Batch', unit: 'sequences', about: 'Sequences in each step.' },
  'optimizer.learningRate': {
    label: 'Learning rate',
    about: 'At the base width; 2^-5 may be typed.',
    isPower: true,
  },
  'schedule.kind': { label: 'Schedule', about: 'How the learning rate moves over the steps.' },
  'schedule.warmup': { label: 'Warm-up', unit: 'steps', about: 'Steps over which the learning rate rises.' },
  'schedule.decay': { label: 'Decay share', about: 'Share of the steps over which it falls to zero at the end.' },
  'schedule.final': { label: 'Final share', about: 'Share of the learning rate left at the end.' },
} satisfies Words;

const optimizer = {
  'optimizer.kind': {
    label: 'Optimizer',
    about: 'Each has μP rules of its own. Learning rates do not carry over from one to another.',
  },
  'optimizer.momentum': { label: 'Momentum μ', about: 'How much of the earlier update goes on.' },
  'optimizer.adamMultiplier': {
    label: 'AdamW’s share',
    about: 'Learning rate of embeddings, gains and output, in units of Muon’s.',
  },
  'optimizer.beta1': {
    label: 'β₁',
    about: 'Memory of the gradient’s mean.',
    aboutKind: { lion: 'Weight of the memory in the sum whose sign is the update.' },
  },
  'optimizer.beta2': {
    label: 'β₂',
    about: 'Memory of the gradient’s square.',
    aboutKind: { lion: 'How long gradients are remembered.' },
  },
  'optimizer.epsilon': { label: 'ε', about: 'Keeps the division away from zero.' },
  'optimizer.weightDecay': { label: 'Weight decay λ', about: 'Pull towards zero, times the learning rate.' },
  'optimizer.clip': {
    label: 'Gradient clip',
    about: 'Largest gradient norm of a run; 0 turns it off, as the rule for SGD has it.',
  },
} satisfies Words;

const weights = {
  'init.embedding': { label: 'σ embedding', about: 'Standard deviation of the embeddings at the start.' },
  'init.hidden': { label: 'σ hidden', about: 'Hidden matrices start at σ/√fan-in.' },
  'init.unembedding': {
    label: 'σ unembedding',
    about: '0 starts the output at zero.',
    when: ({ architecture }: Recipe) => !architecture.tied,
  },
  'init.query': { label: 'Query start', about: 'Zero makes attention start even over all tokens.' },
  'multipliers.embedding': { label: 'α embedding', about: 'Factor on the embeddings.' },
  'multipliers.attention': { label: 'α attention', about: 'Factor on the attention scores.' },
  'multipliers.unembedding': { label: 'α output', about: 'Factor on the logits, the scores of the next token.' },
} satisfies Words;

const measuring = {
  'evaluation.every': { label: 'Evaluate every', unit: 'steps', about: '0 measures only after the last step.' },
  'evaluation.sequences': {
    label: 'Evaluation',
    unit: 'sequences',
    about: 'The same held-out sequences for every run.',
  },
} satisfies Words;

/** As they stand on the page, one group below another. */
export const SETTING_GROUPS: readonly { title: string; settings: Words }[] = [
  { title: 'Model', settings: model },
  { title: 'Blocks', settings: blocks },
  { title: 'Depth', settings: depth },
  { title: 'Corpus', settings: corpus },
  { title: 'Training', settings: training },
  { title: 'Optimizer', settings: optimizer },
  { title: 'Initial weights and multipliers', settings: weights },
  { title: 'Measuring', settings: measuring },
];

/** All of them: a setting without words is an error of types. */
export const SETTING_WORDS: Readonly<Record<SettingPath, SettingWords>> = {
  parametrization: {
    label: 'Parametrization',
    about: 'How initial scales and learning rates change with the width.',
    questions: [
      {
        text: 'μP, SP',
        about: 'μP against the usual parametrization',
        question: 'Is μP better than SP?',
        sides: [
          ['muP', 'mup'],
          ['SP', 'sp'],
        ],
      },
    ],
  },
  ...model,
  ...blocks,
  ...depth,
  ...corpus,
  ...training,
  ...optimizer,
  ...weights,
  ...measuring,
};
