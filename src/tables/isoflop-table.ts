/**
 * An isoFLOP set to look at: five budgets, each spent on models of seven sizes. The losses are those of the law that Besiroglu et al.
 * (2024, arXiv 2404.10102) fit to the experiments of Hoffmann et al. (2022), with noise drawn once; nobody measured them.
 */
import { randomStream } from '../model/random.ts';

const LAW = { E: 1.8172, A: 482.01, B: 2085.43, alpha: 0.3478, beta: 0.3658 };
const BUDGETS = [1e18, 6e18, 3e19, 1e20, 6e20];
/** Sizes as multiples of what is about best. */
const TIMES = [0.25, 0.4, 0.63, 1, 1.6, 2.5, 4];
/** Nats. */
const NOISE = 0.004;

const rounded = (value: number) => Number(value.toPrecision(3));

export const isoFlopTable = {
  name: 'An isoFLOP set, made from a published law',
  /** Place of the column of tokens. */
  tokens: 2,
  text(): string {
    const noise = randomStream(7, 'isoFLOP set');
    const rows = BUDGETS.flatMap((budget) =>
      TIMES.map((times) => {
        const params = rounded(times * 0.09 * Math.sqrt(budget));
        const tokens = rounded(budget / (6 * params));
        const { E, A, B, alpha, beta } = LAW;
        const loss = E + A / params ** alpha + B / tokens ** beta + NOISE * noise.normal();
        return `${budget},${params},${tokens},${loss.toFixed(4)}`;
      }),
    );
    return `budget,params,tokens,loss\n${rows.join('\n')}\n`;
  },
};
