/** Every setting of a recipe in the field's words: where it stands, what it is called, its unit, and one line of explanation. */
import { ACTIVATIONS, NORMS, OPTIMIZERS, POSITIONS, PRECISIONS, SCHEDULES } from './choices.ts';

export interface Field {
  /** Path inside the recipe. */
  path: string;
  label: string;
  unit?: string;
  about: string;
  /** What may be chosen, for settings that are words. */
  choices?: { value: string; text: string }[];
  /** On or off. */
  isSwitch?: boolean;
  /** A whole number: 10,000 then is ten thousand. */
  isWhole?: boolean;
  /** Written as a power of two where it is one. */
  isPower?: boolean;
  /** Only there while the recipe's value at another path is one of these. */
  when?: { path: string; is: readonly (string | boolean)[] };
}

export interface FieldGroup {
  title: string;
  fields: Field[];
}

const isAdam = { path: 'optimizer.kind', is: ['adamw', 'muon'] };
const isLion = { path: 'optimizer.kind', is: ['lion'] };

export const FIELD_GROUPS: FieldGroup[] = [
  {
    title: 'Model',
    fields: [
      {
        path: 'baseWidth',
        label: 'Base width',
        isWhole: true,
        about: 'Where μP and SP are the same; learning rates are meant for it.',
      },
      { path: 'layers', label: 'Layers', isWhole: true, about: 'Blocks of attention and MLP, one after another.' },
      {
        path: 'headSize',
        label: 'Head size',
        isWhole: true,
        about: 'Numbers in an attention head, at the base width where heads grow.',
      },
      {
        path: 'growth',
        label: 'A wider model has',
        about: 'Attention may grow either way; μP must hold in both.',
        choices: [
          { value: 'heads', text: 'more heads' },
          { value: 'head-size', text: 'larger heads' },
        ],
      },
      {
        path: 'context',
        label: 'Context',
        isWhole: true,
        unit: 'tokens',
        about: 'How many tokens a training sequence holds.',
      },
    ],
  },
  {
    title: 'Blocks',
    fields: [
      {
        path: 'architecture.norm',
        label: 'Norm',
        about: 'LayerNorm takes the mean away, RMSNorm only rescales.',
        choices: NORMS,
      },
      {
        path: 'architecture.activation',
        label: 'Activation',
        about: 'What stands between the two matrices of the MLP; SwiGLU adds a gate.',
        choices: ACTIVATIONS,
      },
      {
        path: 'architecture.position',
        label: 'Position',
        about: 'How a token knows where it stands: a learned vector, rotated queries and keys, or not at all.',
        choices: POSITIONS,
      },
      {
        path: 'architecture.qkNorm',
        label: 'QK-norm',
        about: 'Normalises queries and keys head by head; queries then cannot start at zero.',
        isSwitch: true,
      },
      {
        path: 'architecture.tied',
        label: 'Tied embeddings',
        about: 'The output matrix is the token embedding, transposed.',
        isSwitch: true,
      },
      {
        path: 'architecture.precision',
        label: 'Products in',
        about: 'What inputs, weights and gradients are rounded to where they are multiplied; sums stay float32.',
        choices: PRECISIONS,
      },
    ],
  },
  {
    title: 'Depth',
    fields: [
      {
        path: 'depth.rule',
        label: 'Depth rule',
        about: 'How branches and learning rates shrink as layers are added.',
        choices: [
          { value: 'none', text: 'none' },
          { value: 'depth-mup', text: 'depth-μP' },
          { value: 'completep', text: 'CompleteP' },
        ],
      },
      {
        path: 'depth.baseLayers',
        label: 'Base layers',
        isWhole: true,
        about: 'The number of layers that the learning rates are meant for.',
        when: { path: 'depth.rule', is: ['depth-mup', 'completep'] },
      },
    ],
  },
  {
    title: 'Corpus',
    fields: [
      {
        path: 'corpus.vocabulary',
        label: 'Vocabulary',
        isWhole: true,
        unit: 'tokens',
        about: 'Different tokens the source can say.',
        when: { path: 'corpus.kind', is: ['spectral'] },
      },
      {
        path: 'corpus.alpha',
        label: 'Alpha',
        about: 'How fast the source’s modes get weaker; small means much to learn for wide models.',
        when: { path: 'corpus.kind', is: ['spectral'] },
      },
      {
        path: 'corpus.scale',
        label: 'Scale',
        about: 'How far from even the next token is; 0 leaves nothing to learn.',
        when: { path: 'corpus.kind', is: ['spectral'] },
      },
      {
        path: 'corpus.zipf',
        label: 'Zipf',
        about: 'Makes some tokens much more common, as words are.',
        when: { path: 'corpus.kind', is: ['spectral'] },
      },
      {
        path: 'corpus.seed',
        label: 'Corpus seed',
        isWhole: true,
        about: 'Another seed is another source with the same statistics.',
        when: { path: 'corpus.kind', is: ['spectral'] },
      },
      {
        path: 'corpus.heldOut',
        label: 'Held out',
        about: 'Share at the end of the text that is kept for measuring.',
        when: { path: 'corpus.kind', is: ['text'] },
      },
      {
        path: 'corpus.characters',
        label: 'Characters',
        isWhole: true,
        about: 'Most characters with a token of their own; rarer ones share one.',
        when: { path: 'corpus.kind', is: ['text'] },
      },
    ],
  },
  {
    title: 'Training',
    fields: [
      { path: 'steps', label: 'Steps', isWhole: true, about: 'Updates of the weights.' },
      { path: 'batch', label: 'Batch', isWhole: true, unit: 'sequences', about: 'Sequences in each step.' },
      {
        path: 'optimizer.learningRate',
        label: 'Learning rate',
        about: 'At the base width; 2^-5 may be typed.',
        isPower: true,
      },
      {
        path: 'schedule.kind',
        label: 'Schedule',
        about: 'How the learning rate moves over the steps.',
        choices: SCHEDULES,
      },
      {
        path: 'schedule.warmup',
        label: 'Warm-up',
        isWhole: true,
        unit: 'steps',
        about: 'Steps over which the learning rate rises.',
      },
      {
        path: 'schedule.decay',
        label: 'Decay share',
        about: 'Share of the steps over which it falls to zero at the end.',
        when: { path: 'schedule.kind', is: ['wsd'] },
      },
      {
        path: 'schedule.final',
        label: 'Final share',
        about: 'Share of the learning rate left at the end.',
        when: { path: 'schedule.kind', is: ['cosine'] },
      },
    ],
  },
  {
    title: 'Optimizer',
    fields: [
      {
        path: 'optimizer.kind',
        label: 'Optimizer',
        about: 'Each has μP rules of its own. Learning rates do not carry over from one to another.',
        choices: OPTIMIZERS,
      },
      {
        path: 'optimizer.momentum',
        label: 'Momentum μ',
        about: 'How much of the earlier update goes on.',
        when: { path: 'optimizer.kind', is: ['sgd', 'muon'] },
      },
      {
        path: 'optimizer.adamMultiplier',
        label: 'AdamW’s share',
        about: 'Learning rate of embeddings, gains and output, in units of Muon’s.',
        when: { path: 'optimizer.kind', is: ['muon'] },
      },
      { path: 'optimizer.beta1', label: 'β₁', about: 'Memory of the gradient’s mean.', when: isAdam },
      { path: 'optimizer.beta2', label: 'β₂', about: 'Memory of the gradient’s square.', when: isAdam },
      { path: 'optimizer.epsilon', label: 'ε', about: 'Keeps the division away from zero.', when: isAdam },
      {
        path: 'optimizer.beta1',
        label: 'β₁',
        about: 'Weight of the memory in the sum whose sign is the update.',
        when: isLion,
      },
      { path: 'optimizer.beta2', label: 'β₂', about: 'How long gradients are remembered.', when: isLion },
      { path: 'optimizer.weightDecay', label: 'Weight decay λ', about: 'Pull towards zero, times the learning rate.' },
      {
        path: 'optimizer.clip',
        label: 'Gradient clip',
        about: 'Largest gradient norm of a run; 0 turns it off, as the rule for SGD has it.',
      },
    ],
  },
  {
    title: 'Initial weights and multipliers',
    fields: [
      { path: 'init.embedding', label: 'σ embedding', about: 'Standard deviation of the embeddings at the start.' },
      { path: 'init.hidden', label: 'σ hidden', about: 'Hidden matrices start at σ/√fan-in.' },
      {
        path: 'init.unembedding',
        label: 'σ unembedding',
        about: '0 starts the output at zero.',
        when: { path: 'architecture.tied', is: [false] },
      },
      {
        path: 'init.query',
        label: 'Query start',
        about: 'Zero makes attention start even over all tokens.',
        choices: [
          { value: 'zero', text: 'zero' },
          { value: 'key', text: 'like the keys' },
        ],
      },
      { path: 'multipliers.embedding', label: 'α embedding', about: 'Factor on the embeddings.' },
      { path: 'multipliers.attention', label: 'α attention', about: 'Factor on the attention scores.' },
      {
        path: 'multipliers.unembedding',
        label: 'α output',
        about: 'Factor on the logits, the scores of the next token.',
      },
    ],
  },
  {
    title: 'Measuring',
    fields: [
      {
        path: 'evaluation.every',
        label: 'Evaluate every',
        isWhole: true,
        unit: 'steps',
        about: '0 measures only after the last step.',
      },
      {
        path: 'evaluation.sequences',
        label: 'Evaluation',
        isWhole: true,
        unit: 'sequences',
        about: 'The same held-out sequences for every run.',
      },
    ],
  },
];
