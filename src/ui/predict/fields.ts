/** Every setting of a recipe in the field's words: where it stands, what it is called, its unit, and one line of explanation. */

export interface Field {
  /** Path inside the recipe. */
  path: string;
  label: string;
  unit?: string;
  about: string;
  /** What may be chosen, for settings that are not numbers. */
  choices?: { value: string; text: string }[];
  /** Written as a power of two where it is one. */
  isPower?: boolean;
  /** Only there while this holds for the recipe's value at another path. */
  when?: { path: string; is: string };
}

export interface FieldGroup {
  title: string;
  fields: Field[];
}

export const SCHEDULES = [
  { value: 'wsd', text: 'warm-up, stable, decay' },
  { value: 'cosine', text: 'cosine' },
  { value: 'constant', text: 'constant' },
];

export const FIELD_GROUPS: FieldGroup[] = [
  {
    title: 'Model',
    fields: [
      {
        path: 'baseWidth',
        label: 'Base width',
        about: 'Where μP and SP are the same; learning rates are meant for it.',
      },
      { path: 'layers', label: 'Layers', about: 'Blocks of attention and MLP, one after another.' },
      { path: 'headSize', label: 'Head size', about: 'Widths grow by attention heads of this size.' },
      { path: 'context', label: 'Context', unit: 'tokens', about: 'How many tokens a training sequence holds.' },
    ],
  },
  {
    title: 'Corpus',
    fields: [
      {
        path: 'corpus.vocabulary',
        label: 'Vocabulary',
        unit: 'tokens',
        about: 'Different tokens the source can say.',
        when: { path: 'corpus.kind', is: 'spectral' },
      },
      {
        path: 'corpus.alpha',
        label: 'Alpha',
        about: 'How fast the source’s modes get weaker; small means much to learn for wide models.',
        when: { path: 'corpus.kind', is: 'spectral' },
      },
      {
        path: 'corpus.scale',
        label: 'Scale',
        about: 'How far from even the next token is; 0 leaves nothing to learn.',
        when: { path: 'corpus.kind', is: 'spectral' },
      },
      {
        path: 'corpus.zipf',
        label: 'Zipf',
        about: 'Makes some tokens much more common, as words are.',
        when: { path: 'corpus.kind', is: 'spectral' },
      },
      {
        path: 'corpus.seed',
        label: 'Corpus seed',
        about: 'Another seed is another source with the same statistics.',
        when: { path: 'corpus.kind', is: 'spectral' },
      },
      {
        path: 'corpus.heldOut',
        label: 'Held out',
        about: 'Share at the end of the text that is kept for measuring.',
        when: { path: 'corpus.kind', is: 'text' },
      },
      {
        path: 'corpus.characters',
        label: 'Characters',
        about: 'Most characters with a token of their own; rarer ones share one.',
        when: { path: 'corpus.kind', is: 'text' },
      },
    ],
  },
  {
    title: 'Training',
    fields: [
      { path: 'steps', label: 'Steps', about: 'Updates of the weights.' },
      { path: 'batch', label: 'Batch', unit: 'sequences', about: 'Sequences in each step.' },
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
      { path: 'schedule.warmup', label: 'Warm-up', unit: 'steps', about: 'Steps over which the learning rate rises.' },
      {
        path: 'schedule.decay',
        label: 'Decay share',
        about: 'Share of the steps over which it falls to zero at the end.',
        when: { path: 'schedule.kind', is: 'wsd' },
      },
      {
        path: 'schedule.final',
        label: 'Final share',
        about: 'Share of the learning rate left at the end.',
        when: { path: 'schedule.kind', is: 'cosine' },
      },
    ],
  },
  {
    title: 'Optimizer (AdamW)',
    fields: [
      { path: 'optimizer.beta1', label: 'β₁', about: 'Memory of the gradient’s mean.' },
      { path: 'optimizer.beta2', label: 'β₂', about: 'Memory of the gradient’s square.' },
      { path: 'optimizer.epsilon', label: 'ε', about: 'Keeps the division away from zero.' },
      { path: 'optimizer.weightDecay', label: 'Weight decay λ', about: 'Pull towards zero, times the learning rate.' },
      { path: 'optimizer.clip', label: 'Gradient clip', about: 'Largest gradient norm of a run; 0 turns it off.' },
    ],
  },
  {
    title: 'Initial weights and multipliers',
    fields: [
      { path: 'init.embedding', label: 'σ embedding', about: 'Standard deviation of the embeddings at the start.' },
      { path: 'init.hidden', label: 'σ hidden', about: 'Hidden matrices start at σ/√fan-in.' },
      { path: 'init.unembedding', label: 'σ unembedding', about: '0 starts the output at zero.' },
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
        unit: 'steps',
        about: '0 measures only after the last step.',
      },
      {
        path: 'evaluation.sequences',
        label: 'Evaluation',
        unit: 'sequences',
        about: 'The same held-out sequences for every run.',
      },
    ],
  },
];
