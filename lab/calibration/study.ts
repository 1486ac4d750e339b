/** The study: which ladders, which methods, which factors; and its figures. */
import { METHODS, OURS } from './methods.ts';
import { realRemarks, realTrials, type Real } from './real-ladders.ts';
import { scoresOf, summaryOf, type Score, type Summary } from './scores.ts';
import { simulate, type Simulated, type SimulationOptions } from './simulated-ladders.ts';
import { TARGET_FACTORS, type Trial } from './trial.ts';

export interface SourceFigures {
  id: string;
  title: string;
  /** Sentences about the ladders that the figures do not say. */
  remarks: string[];
  /** Every method, over all targets and at each of them. */
  methods: { id: string; name: string; all: Summary; at: { factor: number; summary: Summary }[] }[];
  /** The playground's own, by what sets ladders apart. */
  factors: { name: string; levels: { name: string; summary: Summary }[] }[];
}

export interface CoverageStudy {
  quick: boolean;
  sources: SourceFigures[];
}

interface Factor<About> {
  name: string;
  levels: { name: string; has(score: Score<About>): boolean }[];
}

interface Simulation extends SimulationOptions {
  id: string;
  title: string;
}

const QUICK_COUNT = 240;
const NOISE: [number, number] = [0.0001, 0.01];

const SIMULATIONS: readonly Simulation[] = [
  {
    id: 'law',
    title: 'Simulated, the width law, 4 to 8 rungs',
    ...{ count: 1200, seed: 2024, rungs: [4, 8], noise: NOISE },
  },
  {
    id: 'exact',
    title: 'Simulated, the width law without noise',
    ...{ count: 120, seed: 2030, rungs: [4, 8], noise: NOISE, exact: 1 },
  },
  {
    id: 'replicates',
    title: 'Simulated, the width law, 2 to 4 seeds at every rung',
    ...{ count: 600, seed: 2025, rungs: [4, 8], noise: NOISE, replicates: [2, 4] },
  },
  {
    id: 'second-term',
    title: 'Simulated, not the width law: a second term that dies faster',
    ...{ count: 600, seed: 2026, truth: 'second term', rungs: [4, 8], noise: NOISE },
  },
  {
    id: 'curvature',
    title: 'Simulated, not the width law: an exponent that drifts',
    ...{ count: 600, seed: 2027, truth: 'slow curvature', rungs: [4, 8], noise: NOISE },
  },
  {
    id: 'three-rungs',
    title: 'Simulated, the width law, three rungs',
    ...{ count: 600, seed: 2028, rungs: [3, 3], noise: NOISE },
  },
  {
    id: 'standard-errors',
    title: 'Simulated, the width law, standard errors given without seeds',
    ...{ count: 600, seed: 2029, rungs: [4, 8], noise: NOISE, standardErrors: true },
  },
];

export function runStudy(quick: boolean): CoverageStudy {
  const simulated = SIMULATIONS.map(({ id, title, count, ...options }) =>
    figuresOf(id, title, simulate({ ...options, count: quick ? QUICK_COUNT : count }), SIMULATED_FACTORS),
  );
  const trained = realTrials();
  const real = figuresOf('real', 'Trained by the engine', trained, REAL_FACTORS, realRemarks(trained));
  const repeated = realTrials('careful');
  const title = 'Trained by the engine, as the playground advises';
  const careful = figuresOf('careful', title, repeated, CAREFUL_FACTORS, realRemarks(repeated));
  return { quick, sources: [...simulated, real, careful] };
}

/** The playground's own predictions of the ladders that follow the width law, as many as a quick study has. */
export const quickScoresOfLaw = (): Score<Simulated>[] =>
  scoresOf(simulate({ ...SIMULATIONS[0]!, count: QUICK_COUNT }), OURS);

function figuresOf<About>(
  id: string,
  title: string,
  trials: readonly Trial<About>[],
  factors: readonly Factor<About>[],
  remarks: string[] = [],
): SourceFigures {
  const methods = METHODS.map((method) => ({ method, scores: scoresOf(trials, method) }));
  const ours = methods.find(({ method }) => method === OURS)!.scores;
  return {
    id,
    title,
    remarks,
    methods: methods.map(({ method, scores }) => ({
      id: method.id,
      name: method.name,
      all: summaryOf(scores),
      at: TARGET_FACTORS.map((factor) => ({
        factor,
        summary: summaryOf(scores.filter((score) => score.factor === factor)),
      })),
    })),
    factors: factors.map(({ name, levels }) => ({
      name,
      levels: levels
        .map((level) => ({ name: level.name, summary: summaryOf(ours.filter((score) => level.has(score))) }))
        .filter(({ summary }) => summary.targets > 0),
    })),
  };
}

const noiseBetween =
  (least: number, below: number) =>
  ({ trial: { about } }: Score<Simulated>) =>
    about.noise >= least && about.noise < below;

const exponentBetween =
  (least: number, below: number) =>
  ({ trial: { about } }: Score<Simulated>) =>
    about.exponent >= least && about.exponent < below;

const rungsFactor = {
  name: 'rungs',
  levels: [3, 4, 5, 6, 7, 8].map((n) => ({
    name: String(n),
    has: ({ trial }: Score) => trial.points.length === n,
  })),
};

const SIMULATED_FACTORS: readonly Factor<Simulated>[] = [
  rungsFactor,
  {
    name: 'noise',
    levels: [
      { name: '0.01 to 0.03 %', has: noiseBetween(1e-9, 0.0003) },
      { name: '0.03 to 0.1 %', has: noiseBetween(0.0003, 0.001) },
      { name: '0.1 to 0.3 %', has: noiseBetween(0.001, 0.003) },
      { name: '0.3 to 1 %', has: noiseBetween(0.003, Infinity) },
    ],
  },
  {
    name: 'exponent b',
    levels: [
      { name: '0.15 to 0.3', has: exponentBetween(0, 0.3) },
      { name: '0.3 to 0.7', has: exponentBetween(0.3, 0.7) },
      { name: '0.7 to 1.5', has: exponentBetween(0.7, Infinity) },
    ],
  },
];

type Levels = readonly (string | number)[];

/** A factor of the real ladders whose levels are values of their specification. */
const recorded = (name: string, levels: Levels, of: (ladder: Real) => string | number): Factor<Real> => ({
  name,
  levels: levels.map((level) => ({ name: String(level), has: ({ trial }) => of(trial.about) === level })),
});

/** All ladders of the design have spectral corpora. */
const vocabularyOf = ({ recipe }: Real) => (recipe.corpus as { vocabulary: number }).vocabulary;
const targetWidth = ({ trial, factor }: Score<Real>) => factor * trial.about.rungs.at(-1)!;

const REAL_FACTORS: readonly Factor<Real>[] = [
  recorded('ladders', ['held back', 'in view'], ({ wasInView }) => (wasInView ? 'in view' : 'held back')),
  rungsFactor,
  recorded('seeds', [1, 2, 3], ({ seeds }) => seeds.length),
  recorded('vocabulary', [64, 128, 256], vocabularyOf),
  {
    name: 'target',
    levels: [
      { name: 'narrower than the vocabulary', has: (score) => targetWidth(score) < vocabularyOf(score.trial.about) },
      { name: 'as wide or wider', has: (score) => targetWidth(score) >= vocabularyOf(score.trial.about) },
    ],
  },
  recorded('layers', [1, 2], ({ recipe }) => recipe.layers),
  recorded('optimizer', ['adamw', 'lion', 'muon'], ({ recipe }) => recipe.optimizer.kind ?? 'adamw'),
  recorded('schedule', ['wsd', 'constant'], ({ recipe }) => recipe.schedule?.kind ?? 'wsd'),
];

const CAREFUL_FACTORS: readonly Factor<Real>[] = [recorded('vocabulary', [64, 128], vocabularyOf)];
