/** The tables of docs/parametrization.md are the table that the code makes. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parametrize, type TensorRule } from '../../../src/model/parametrization.ts';
import type { TensorRole } from '../../../src/model/recipe.ts';
import { modelShape } from '../../../src/model/shape.ts';
import { parsedRecipe } from './experiment-inputs.ts';

const page = readFileSync(new URL('../../../docs/parametrization.md', import.meta.url), 'utf8');

/** Rows of the table whose head begins so, each by column. */
function tableOf(head: string): Record<string, string>[] {
  const lines = page
    .slice(page.indexOf(`| ${head}`))
    .split('\n\n')[0]
    .split('\n');
  const [names, , ...rows] = lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  return rows.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i]])));
}

const [d0, d, dh0, dh, layers, baseLayers] = [8, 24, 4, 12, 6, 2];
const m = d / d0;
const mL = layers / baseLayers;
const init = { embedding: 0.9, hidden: 1.5, unembedding: 0.6 };
const KINDS = ['adamw', 'lion', 'sgd', 'muon'] as const;
type Kind = (typeof KINDS)[number];

function parametrized(kind: Kind, rule: 'none' | 'depth-mup' | 'completep', query: 'zero' | 'key' = 'key') {
  const recipe = parsedRecipe({
    baseWidth: d0,
    headSize: dh0,
    growth: 'head-size',
    layers,
    architecture: { activation: 'swiglu' },
    optimizer: { kind, learningRate: 0.01 },
    init: { ...init, query },
    multipliers: { embedding: 3 },
    depth: { rule, baseLayers },
  });
  return parametrize(recipe, modelShape(recipe, d, 10));
}

const TENSORS: Record<string, TensorRole> = {
  embeddings: 'embedding',
  'norm gains': 'norm',
  'attention out': 'attentionOut',
};

/** What stands in a cell about a tensor, as a number. */
function valueOf(cell: string, { shape: [fanIn, fanOut] }: TensorRule): number {
  const values: Record<string, number> = {
    ...{ 0: 0, 1: 1, m, '1/m': 1 / m, 'constant 1': 1, '√(fan_out/fan_in)': Math.sqrt(fanOut / fanIn) },
    σ_emb: init.embedding,
    'σ/√fan_in': init.hidden / Math.sqrt(fanIn),
    'σ/√fan_in/√(2L)': init.hidden / Math.sqrt(fanIn) / Math.sqrt(2 * layers),
    'σ_out/√d0': init.unembedding / Math.sqrt(d0),
    'as key': init.hidden / Math.sqrt(fanIn),
  };
  expect(Object.keys(values)).toContain(cell);
  return values[cell];
}

const stdOf = ({ init: start }: TensorRule) => (start.kind === 'constant' ? start.value : start.std);

test.each(KINDS)('the table of widths: %s', (kind) => {
  const { tensors, forward } = parametrized(kind, 'none');
  const seen = new Set<TensorRole>();
  for (const row of tableOf('tensor ')) {
    for (const name of row.tensor.split(', ').filter((one) => one !== 'attention scale s')) {
      const role = TENSORS[name] ?? (name as TensorRole);
      seen.add(role);
      for (const tensor of tensors.filter((one) => one.role === role)) {
        const column = { adamw: 'lrMult', lion: 'lrMult', sgd: 'lrMult, SGD', muon: 'lrMult, Muon' }[kind];
        const rate = valueOf(row[column], tensor);
        const decay = role === 'norm' ? 0 : 1 / rate;
        expect(stdOf(tensor)).toBeCloseTo(valueOf(row['initial std'].split('0, or ').at(-1)!, tensor), 14);
        expect(tensor.learningRateMultiplier).toBeCloseTo(rate, 14);
        expect(tensor.weightDecayMultiplier).toBeCloseTo(decay, 14);
        if (column === 'lrMult') expect(valueOf(row.wdMult, tensor)).toBeCloseTo(decay, 14);
        expect(tensor.epsilonMultiplier).toBeCloseTo(valueOf(row.epsMult, tensor), 14);
      }
    }
  }
  expect([...seen].sort()).toEqual([...new Set(tensors.map(({ role }) => role))].sort());
  const factors = tableOf('tensor ').map((row) => row.forward);
  expect(factors.filter(Boolean)).toEqual(['α_emb', 'β', 'u = 1/m', '√d_h0/d_h']);
  expect(forward).toEqual({
    embedding: 3,
    branch: 1,
    unembedding: 1 / m,
    attention: (1 / Math.sqrt(dh0)) * (dh0 / dh),
  });
});

test.each(KINDS)('the table of depths: %s', (kind) => {
  const rules = { none: 'none', 'depth-muP': 'depth-mup', CompleteP: 'completep' } as const;
  const values: Record<string, number> = {
    ...{ 1: 1, m_L: mL, '1/m_L': 1 / mL, 'm_L^-½': 1 / Math.sqrt(mL) },
  };
  const [, ...unruled] = parametrized(kind, 'none').tensors;
  const rows = tableOf('rule ');
  expect(rows.map(({ rule }) => rule)).toEqual(Object.keys(rules));
  for (const row of rows) {
    const { tensors, forward } = parametrized(kind, rules[row.rule as keyof typeof rules]);
    expect(forward.branch).toBeCloseTo(values[row['branch factor β']], 14);
    const rate = values[row[kind === 'sgd' ? 'SGD' : 'lrMult in the blocks, AdamW, Lion, Muon']];
    const epsilon = values[row['ε in the blocks']];
    tensors.slice(1).forEach((tensor, i) => {
      const plain = unruled[i];
      const isInBlock = tensor.name.startsWith('layers.');
      const [ofRate, ofEpsilon] = isInBlock ? [rate, epsilon] : [1, 1];
      expect(tensor.learningRateMultiplier / plain.learningRateMultiplier).toBeCloseTo(ofRate, 14);
      expect(tensor.epsilonMultiplier / plain.epsilonMultiplier).toBeCloseTo(ofEpsilon, 14);
    });
  }
});
