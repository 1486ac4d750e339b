/**
 * What models make of the generated corpora: prints the tables of docs/corpora.md. Trained by the float64 reference.
 *
 *   npx tsx lab/corpora/corpora.ts [recall|grammar]
 */
import { presetExperiment } from '../../src/model/presets.ts';
import type { Recipe } from '../../src/model/recipe.ts';
import { corpusOf, finalLoss, unigramEntropy, withoutAttention } from './trained.ts';

const digits = (loss: number | null) => loss?.toFixed(4) ?? 'diverged';
const row = (cells: readonly unknown[]) => console.log(`| ${cells.join(' | ')} |`);

const [wanted] = process.argv.slice(2);
if (wanted !== 'grammar') await recall();
if (wanted !== 'recall') await grammar();

/** How much of the gap between the marginal law and the floor is closed, by what. */
async function recall(): Promise<void> {
  const [rope, learned] = presetExperiment('positions').recipes;
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

/** The learning rate of the preset, and how far each width gets. */
async function grammar(): Promise<void> {
  const [recipe] = presetExperiment('sentences').recipes;
  const corpus = corpusOf(recipe);
  console.log(
    `floor ${digits(corpus.evaluationEntropy)}, single tokens ${digits(await unigramEntropy(corpus, recipe))}`,
  );
  const rates = [-3, -4, -5, -6];
  row(['width', ...rates.map((power) => `2^${power}`)]);
  for (const width of [8, 16, 32]) {
    const losses: string[] = [];
    for (const power of rates) {
      const optimizer = { ...recipe.optimizer, learningRate: 2 ** power };
      losses.push(digits(await finalLoss({ ...recipe, optimizer }, width, { corpus })));
    }
    row([width, ...losses]);
  }
}
