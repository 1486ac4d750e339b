/**
 * What models make of the corpora: prints the tables of docs/corpora.md. Trained by the float64 reference.
 *
 *   npx tsx lab/corpora/corpora.ts [recall|qk-norm|grammar|book]
 */
import { readFileSync } from 'node:fs';
import { bitsPerByte } from '../../src/model/bits-per-byte.ts';
import { BOOK } from '../../src/model/corpora.ts';
import { presetExperiment } from '../../src/model/presets.ts';
import type { Recipe } from '../../src/model/recipe.ts';
import { corpusOf, filledIn, finalLoss, unigramEntropy, withoutAttention } from './trained.ts';

const digits = (loss: number | null) => loss?.toFixed(4) ?? 'diverged';
const row = (cells: readonly unknown[]) => console.log(`| ${cells.join(' | ')} |`);

const tables = { recall, 'qk-norm': qkNorm, grammar, book };
const [wanted] = process.argv.slice(2);
for (const [name, print] of Object.entries(tables)) if (wanted === undefined || wanted === name) await print();

/** How much of the gap between the marginal law and the floor is closed, by what. */
async function recall(): Promise<void> {
  const [preset] = presetExperiment('qk-norm').recipes;
  const at = (position: 'rope' | 'learned'): Recipe => ({
    ...preset,
    architecture: { ...preset.architecture, qkNorm: false, position },
    optimizer: { ...preset.optimizer, learningRate: 2 ** -7 },
  });
  const [rope, learned] = [at('rope'), at('learned')];
  const none: Recipe = { ...rope, architecture: { ...rope.architecture, position: 'none' } };
  const corpus = corpusOf(rope);
  const [floor, marginal] = [corpus.evaluationEntropy!, corpus.withoutPast!];
  console.log(
    `floor ${digits(floor)}, marginal law ${digits(marginal)}, single tokens ${digits(await unigramEntropy(corpus, rope))}`,
  );
  row(['model', 'width', 'loss', 'gap closed']);
  const models: [string, Recipe, number, typeof withoutAttention?][] = [
    ...[8, 16, 24].map((width): [string, Recipe, number] => ['two layers, RoPE', rope, width]),
    ['two layers, no positions', none, 16],
    ['two layers, learned positions', learned, 16],
    ['one layer, RoPE', { ...rope, layers: 1 }, 16],
    ['two layers, RoPE, without attention', rope, 16, withoutAttention],
  ];
  for (const [name, recipe, width, change] of models) {
    const loss = await finalLoss(recipe, width, { corpus, change });
    const closed = loss === null ? NaN : (marginal - loss) / (marginal - floor);
    row([name, width, digits(loss), `${(100 * closed).toFixed(1)} %`]);
  }
}

/** A row for each recipe: what it ends at by each learning rate, 2 to these powers. */
async function rates(title: string, rows: readonly (readonly [string, Recipe, number])[], powers: readonly number[]) {
  row([title, ...powers.map((power) => `2^${power}`)]);
  for (const [name, recipe, width] of rows) {
    const losses: string[] = [];
    for (const power of powers) {
      const optimizer = { ...recipe.optimizer, learningRate: 2 ** power };
      losses.push(digits(await finalLoss({ ...recipe, optimizer }, width)));
    }
    row([name, ...losses]);
  }
}

/** At which learning rates attention is learnt with QK-norm, and without. */
async function qkNorm(): Promise<void> {
  const rows = presetExperiment('qk-norm').recipes.map((recipe) => [recipe.name, recipe, 16] as const);
  await rates('width 16', rows, [-7, -5, -4, -3, -2]);
}

/** The learning rate of the preset, and what the usual size of the embeddings would make of it. */
async function grammar(): Promise<void> {
  const [recipe] = presetExperiment('sentences').recipes;
  const corpus = corpusOf(recipe);
  console.log(
    `floor ${digits(corpus.evaluationEntropy)}, single tokens ${digits(await unigramEntropy(corpus, recipe))}`,
  );
  const loud: Recipe = { ...recipe, init: { ...recipe.init, embedding: 1 } };
  const widths = [8, 16, 32].map((width) => [`width ${width}`, recipe, width] as const);
  await rates('', [...widths, ['width 16, σ of the embeddings 1', loud, 16]], [-3, -4, -5, -6]);
}

/** How far each width gets on the book, with the recipe of the sentences. */
async function book(): Promise<void> {
  const [sentences] = presetExperiment('sentences').recipes;
  const recipe = filledIn({ ...sentences, corpus: { kind: 'book' }, steps: 300 });
  const text = readFileSync(new URL('../../public/corpora/moby-dick.txt', import.meta.url), 'utf8');
  const corpus = corpusOf(recipe, { [BOOK]: text });
  console.log(`${corpus.vocabulary} characters, single ones ${digits(await unigramEntropy(corpus, recipe))}`);
  row(['width', 'loss', 'bits per byte']);
  for (const width of [8, 12, 16, 24, 32, 48]) {
    const loss = await finalLoss(recipe, width, { corpus });
    row([width, digits(loss), loss === null ? '' : bitsPerByte(loss, corpus.bytesPerToken!).toFixed(3)]);
  }
}
