/** The field's words, each in a sentence or two: shown on the page and listed in docs/glossary.md. */
export const GLOSSARY = {
  muP: 'Maximal update parametrization (μP): initial sizes, multipliers and learning rates change with width such that every layer learns equally fast at every width. What is best for a small model is then best for a large one, too.',
  SP: 'Standard parametrization: the usual initial sizes, and one learning rate for every width. The best learning rate then falls as the model gets wider.',
  recipe: 'All that a model and its training are made of, except width and seed.',
  width:
    'The number of entries in the vector that a model keeps for each token; here the size that grows from rung to rung.',
  'base width':
    'The width at which muP and SP are the same model. Learning rates and initial sizes are given for it, and muP works out those of other widths.',
  'fan-in':
    'How many inputs each output of a matrix is a sum of. How fast it grows with width decides how a matrix has to be scaled.',
  seed: 'The number from which initial parameters are drawn, and where the recipe says so the batches too. Runs that differ in their seed alone show how much chance matters.',
  run: 'One training of one recipe: at one width, from one seed.',
  ladder: 'The widths of an experiment: rungs, from which a law is fitted, and targets, for which it predicts.',
  rung: 'A width that is trained for its loss to be fitted.',
  target: 'A width whose loss is predicted before it is trained. It never enters a fit.',
  cohort: 'Runs of one shape that train together, on the same batches, each with its own parameters.',
  loss: 'How surprised a model is by the next token, on average, in nats: 0.69 nats are one bit. It cannot fall below the entropy of the text.',
  law: 'The curve L = c + a·width^-b through the losses of the rungs: c is the floor they fall towards, b how fast they do.',
  interval: 'Where the loss of a new run is expected: an 80 % interval is made to hold eight of ten.',
  seal: 'A prediction frozen before its target is trained: loss, interval and time, with a SHA-256 hash of what it was made from, so that anyone can check that nothing was changed later.',
  'ghost curve': 'The training curve that is predicted for a width nobody has trained yet, with its band.',
  sweep: 'The same recipe trained at several values of a hyperparameter, such as the learning rate.',
  transfer: 'That the best value of a hyperparameter stays where it is when the model gets wider or deeper.',
  'coordinate check':
    'The average size of each layer’s activations over the first steps, at several widths. Under muP it does not change with width; where it does, a rule is broken.',
  basin:
    'The region of two hyperparameters in which the loss is near its best. Where the basins of all widths meet, recipes transfer and laws hold.',
  measurement:
    'What is known of one finished training, wherever it took place: its size, what was swept, its seed, its loss. A run trained here and a row of a table are both measurements.',
  series: 'The measurements of one ladder in a table, told apart from others by a column of names.',
  frontier:
    'For each budget of computation the size and the number of tokens with which the loss is least, by the joint law of both.',
} as const;
