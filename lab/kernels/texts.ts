/** The kernels as they are compiled: those of every program that the engine records for one small model, on each kind of adapter. */
import { recordCohort } from '../../src/gpu/capacity.ts';
import { FILL } from '../../src/gpu/engine.ts';
import type { Kernel } from '../../src/gpu/kernel.ts';
import { MatmulChoices } from '../../src/gpu/matmul/choices.ts';
import { VARIANTS, type Adapter } from '../../src/gpu/matmul/variants.ts';
import { probeLaunch } from '../../src/gpu/quads.ts';
import { parseExperiment, type ExperimentInput } from '../../src/model/experiment.ts';
import { parametrize } from '../../src/model/parametrization.ts';
import { modelShape } from '../../src/model/shape.ts';

interface KernelText {
  label: string;
  /** What it was compiled for: lanes and constants. */
  declared: string[];
  /** Complete WGSL. */
  source: string;
}

const ADAPTERS: Adapter[] = [
  { software: false, subgroups: true, shaderF16: true },
  { software: true, subgroups: true },
  { software: true, subgroups: false },
];

const WIDTH = 64;
const VOCABULARY = 256;

type RecipeInput = ExperimentInput['recipes'][number];

const RATE = { learningRate: 0.01 };
/** What brings kernels of its own, or other constants. */
const CHANGES: Partial<RecipeInput>[] = [
  {},
  { architecture: { norm: 'rmsnorm', activation: 'swiglu', position: 'rope' } },
  { architecture: { activation: 'relu2', position: 'none', tied: true } },
  { architecture: { precision: 'float16' } },
  ...(['sgd', 'lion', 'muon'] as const).map((kind) => ({ optimizer: { kind, ...RATE } })),
];

/** Each text once, in the order of a step. */
export function kernelTexts(): KernelText[] {
  const kernels: Pick<Kernel, 'label' | 'source'>[] = [probeLaunch(64).launch.kernel];
  for (const adapter of ADAPTERS) {
    for (const changes of CHANGES) {
      kernels.push(...kernelsOf(changes, new MatmulChoices(adapter)));
      // Whoever wins no shape without a race still has its turn, and where it does not suit the plainest have theirs.
      for (const variant of VARIANTS) {
        const choices = new MatmulChoices(adapter, new Map(), [variant, ...VARIANTS.slice(0, 2)]);
        kernels.push(...kernelsOf(changes, choices));
      }
    }
  }
  const distinct = new Map(kernels.map((kernel) => [kernel.source, kernel]));
  return [...distinct.values()].map(({ label, source }) => ({ label, declared: declaredIn(source), source }));
}

function kernelsOf(changes: Partial<RecipeInput>, matmuls: MatmulChoices): Kernel[] {
  const { program } = recordCohort(cohortOf(changes), 1, {
    fill: matmuls.adapter.software ? FILL.software : FILL.gpu,
    matmuls,
  });
  return [...program.step, ...program.evaluate].map(({ kernel }) => kernel);
}

function cohortOf(changes: Partial<RecipeInput>) {
  const input: RecipeInput = {
    ...{ name: 'kernels', parametrization: 'mup', baseWidth: WIDTH, layers: 2, headSize: 16, context: 64, batch: 16 },
    ...{ steps: 100, corpus: { kind: 'spectral', vocabulary: VOCABULARY }, optimizer: RATE },
    ...changes,
  };
  const [recipe] = parseExperiment({ recipes: [input], ladder: { rungs: [WIDTH] } }).recipes;
  const shape = modelShape(recipe, WIDTH, VOCABULARY);
  const run = { id: '', seed: 1, table: parametrize(recipe, shape), ...recipe };
  return { shape, batch: recipe.batch, steps: recipe.steps, evaluateEvery: 0, runs: [run], probe: true };
}

/** What stands in front of a kernel's own text. */
const declaredIn = (source: string): string[] =>
  Array.from(
    source.matchAll(/^(?:alias (\w+ = \w+)|const (\w+ = [\d.e-]+)u?);$/gm),
    ([, alias, constant]) => alias ?? constant,
  );

/** What a kernel says of itself first. */
function sentenceOf({ source }: KernelText): string {
  const [head = ''] = /^(?:\/\/ .*\n)+/m.exec(source) ?? [];
  return head
    .replaceAll(/^\/\/ /gm, '')
    .replaceAll('\n', ' ')
    .split(/\.? *$|\. /)[0];
}

/** Those of a label, or of all labels that begin with these words: "matmul", "matmul tiled 64x64". */
export const textsOf = (texts: readonly KernelText[], name: string): KernelText[] =>
  texts.filter(({ label }) => label === name || label.startsWith(`${name} `) || label.startsWith(`${name}, `));

/** A line for each kernel: its name, in how many ways it is compiled here, and what it says of itself first. */
export function listOf(texts: readonly KernelText[]): string {
  const names = [...new Set(texts.map(({ label }) => label.split(' ')[0]))].sort();
  const width = Math.max(...names.map((name) => name.length));
  return names
    .map((name) => {
      const own = textsOf(texts, name);
      return `${name.padEnd(width)}  ${String(own.length).padStart(3)}  ${sentenceOf(own[0])}`;
    })
    .join('\n');
}

/** Each text, headed by what it was compiled for. */
export const printed = (texts: readonly KernelText[]): string =>
  texts
    .map(
      ({ label, declared, source }, i) =>
        `// ${i + 1} of ${texts.length}: ${label} (${declared.join(', ')})\n\n${source}`,
    )
    .join('\n');
