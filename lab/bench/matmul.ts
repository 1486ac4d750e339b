/** Every variant of the matrix product at the shapes of a training step, beside what the adapter can do at best. */
import { FILL } from '../../src/gpu/engine.ts';
import { keyOf, MatmulChoices } from '../../src/gpu/matmul/choices.ts';
import type { ProductShape } from '../../src/gpu/matmul/shape.ts';
import { patternOf, raceOf, timeOf, tune } from '../../src/gpu/matmul/tuner.ts';
import { splitsFor } from '../../src/gpu/ops/context.ts';
import { Session } from '../../src/gpu/session.ts';
import type { MatmulFigures, MatmulRow } from './figures.ts';
import { cohortName } from './gpt.ts';
import { prepareRoof } from './roof.ts';
import type { Section } from './section.ts';
import { spreadOf } from './spread.ts';

/** Of the bench's GPT: batch 8 of context 64. */
const TOKENS = 512;
const VOCABULARY = 256;
/** Widths and runs. One run of a small model is too little work for a GPU, so there the table also has cohorts. */
const FULL = {
  software: [
    [32, 1],
    [64, 1],
    [128, 1],
    [256, 1],
  ],
  gpu: [
    [64, 1],
    [256, 1],
    [512, 1],
    [64, 16],
    [256, 16],
  ],
};
const QUICK = [[64, 1]];

export const matmul: Section<MatmulFigures> = async ({ device, adapter }, { quick, tell }) => {
  const { software } = adapter;
  const roof = await prepareRoof(device, software);
  const shaderF16 = device.features.has('shader-f16');
  const choices = new MatmulChoices({ software, subgroups: device.features.has('subgroups'), shaderF16 });
  const rounds = quick ? 3 : software ? 7 : 5;
  const rates: number[] = [];
  const copies: number[] = [];
  const rows: MatmulRow[] = [];
  for (const [width, runs] of quick ? QUICK : FULL[software ? 'software' : 'gpu']) {
    const uses = usesAt(width, software);
    const rounded = uses.map(({ use, shape }) => ({ use: `${use} in float16`, shape: { ...shape, rounded: true } }));
    for (const { use, shape: ofOne } of shaderF16 ? [...uses, ...rounded] : uses) {
      const shape = { ...ofOne, count: runs * ofOne.count };
      const name = `${use}, ${runs === 1 ? `width ${width}` : cohortName(width, runs)}`;
      tell(`matrix products: ${name}`);
      choices.variantFor(shape);
      await tune(device, choices);
      const chosen = choices.variantFor(shape);
      const race = raceOf(shape, choices);
      const session = await Session.prepare(
        device,
        race.slots,
        race.entrants.map(({ launch }) => launch),
      );
      for (const slot of race.inputs) session.write(slot, patternOf(slot.entries));
      const flops = 2 * shape.rows * shape.columns * shape.depth * shape.count;
      const measured = race.entrants.map(() => ({ rates: [] as number[], shares: [] as number[] }));
      for (let round = 0; round < rounds; round++) {
        const best = await roof.rate();
        rates.push(best);
        copies.push(await roof.bandwidth());
        for (const [i, { launch }] of race.entrants.entries()) {
          const rate = flops / (await timeOf(session, launch)) / 1e6;
          measured[i].rates.push(rate);
          measured[i].shares.push(rate / best);
        }
      }
      session.destroy();
      measured.forEach(({ rates: own, shares }, i) =>
        rows.push({
          use: name,
          shape: keyOf(shape),
          variant: race.entrants[i].variant.name,
          isChosen: race.entrants[i].variant === chosen,
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
function usesAt(width: number, software: boolean): { use: string; shape: ProductShape }[] {
  const hidden = 4 * width;
  const forward = (columns: number, depth: number, count = 1): ProductShape => ({
    ...{ rows: TOKENS, columns, depth, count, aTurned: false, bTurned: false },
  });
  const inputGradient = (columns: number, depth: number): ProductShape => ({
    ...{ rows: TOKENS, columns, depth, count: 1, aTurned: false, bTurned: true },
  });
  const weightGradient = (rows: number, columns: number, count = 1): ProductShape => {
    const splits = splitsFor({ fill: FILL[software ? 'software' : 'gpu'] }, rows * columns, TOKENS);
    return { rows, columns, depth: TOKENS / splits, count: count * splits, aTurned: true, bTurned: false };
  };
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
