/** Every variant of the matrix product at the shapes of a training step, beside what the adapter can do at best. */
import { keyOf, MatmulChoices } from '../../src/gpu/matmul/choices.ts';
import type { ProductShape } from '../../src/gpu/matmul/product.ts';
import { patternOf, raceOf, tune } from '../../src/gpu/matmul/tuner.ts';
import { PipelineCache, Session } from '../../src/gpu/session.ts';
import { elapsed } from './dispatch-time.ts';
import type { MatmulFigures, MatmulRow } from './figures.ts';
import { prepareRoof } from './roof.ts';
import type { Section } from './section.ts';
import { spreadOf } from './spread.ts';

/** Of the bench's GPT: batch 8 of context 64. */
const TOKENS = 512;
const VOCABULARY = 256;

export const matmul: Section<MatmulFigures> = async ({ device, adapter }, { quick, tell }) => {
  const { software } = adapter;
  const pipelines = new PipelineCache(device);
  const roof = await prepareRoof(device, pipelines, software);
  const choices = new MatmulChoices({ software, subgroups: device.features.has('subgroups') });
  const rounds = quick ? 3 : 7;
  const rates: number[] = [];
  const copies: number[] = [];
  const rows: MatmulRow[] = [];
  for (const width of quick ? [64] : [32, 64, 128, 256]) {
    for (const { use, shape } of usesAt(width)) {
      tell(`matrix products: ${use}, width ${width}`);
      choices.variantFor(shape);
      await tune(device, pipelines, choices);
      const chosen = choices.variantFor(shape);
      const race = raceOf(shape, choices);
      const session = await Session.prepare(device, pipelines, race.slots, race.launches);
      for (const slot of race.inputs) session.write(slot, patternOf(slot.entries));
      const flops = 2 * shape.rows * shape.columns * shape.depth * shape.count;
      const measured = race.variants.map(() => ({ rates: [] as number[], shares: [] as number[] }));
      for (let round = 0; round < rounds; round++) {
        const best = await roof.rate();
        rates.push(best);
        copies.push(await roof.bandwidth());
        for (const [i, launch] of race.launches.entries()) {
          const rate = flops / (await elapsed(session, launch)) / 1e6;
          measured[i].rates.push(rate);
          measured[i].shares.push(rate / best);
        }
      }
      session.destroy();
      measured.forEach(({ rates: own, shares }, i) =>
        rows.push({
          use: `${use}, width ${width}`,
          shape: keyOf(shape),
          variant: race.variants[i].name,
          isChosen: race.variants[i] === chosen,
          gigaflops: spreadOf(own),
          shareOfRoof: spreadOf(shares).median,
        }),
      );
    }
  }
  roof.destroy();
  return { roof: spreadOf(rates), copy: spreadOf(copies), rows };
};

/** The products of one layer and of the unembedding, forward and backward. */
function usesAt(width: number): { use: string; shape: ProductShape }[] {
  const hidden = 4 * width;
  const forward = (columns: number, depth: number, count = 1): ProductShape => ({
    ...{ rows: TOKENS, columns, depth, count, aTurned: false, bTurned: false },
  });
  const inputGradient = (columns: number, depth: number): ProductShape => ({
    ...{ rows: TOKENS, columns, depth, count: 1, aTurned: false, bTurned: true },
  });
  const weightGradient = (rows: number, columns: number, count = 1): ProductShape => ({
    ...{ rows, columns, depth: TOKENS, count, aTurned: true, bTurned: false },
  });
  return [
    { use: 'query, key, value', shape: forward(width, width, 3) },
    { use: 'up', shape: forward(hidden, width) },
    { use: 'down', shape: forward(width, hidden) },
    { use: 'unembedding', shape: forward(VOCABULARY, width) },
    { use: 'gradient of what went into up', shape: inputGradient(width, hidden) },
    { use: 'gradient of what went into down', shape: inputGradient(hidden, width) },
    { use: 'gradient of query, key, value', shape: weightGradient(width, width, 3) },
    { use: 'gradient of up', shape: weightGradient(width, hidden) },
  ];
}
