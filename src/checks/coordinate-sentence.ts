/** What a coordinate check found, in one sentence. */
import type { CoordinateCheck, ModuleCheck } from '../model/check-results.ts';
import type { Recipe } from '../model/recipe.ts';
import { FIRST_JUDGED, isRandomStart, judgedSteps, worstSlope } from './flatness.ts';
import { mean } from './mean.ts';
import { listed } from './wording.ts';

type Findings = Omit<CoordinateCheck, 'sentence'>;

/** @param runs those that were measured; a run that diverged has no activations from then on */
export function coordinateSentence(
  { name, parametrization }: Recipe,
  findings: Findings,
  runs: readonly { width: number; seed: number; divergedAt?: number | null }[],
): string {
  const { widths, modules, culprit } = findings;
  if (widths.length < 2)
    return `${name}: slopes need two widths, and ${widths.length} ${widths.length === 1 ? 'was' : 'were'} measured.`;
  const notes = [...(new Set(runs.map(({ seed }) => seed)).size === 1 ? ['with one seed'] : []), ...divergence(runs)];
  const aside = notes.map((note) => `, ${note}`).join('');
  if (findings.verdict === 'holds') return `${name} holds: ${flatWords(findings)}${aside}.`;
  if (!culprit) return `${name} is unclear: ${doubtWords(findings)}${aside}.`;
  const growth = parametrization === 'sp' ? growthWords(modules) : null;
  if (growth) return `${name}: ${growth}, from width ${widths[0]} to ${widths[widths.length - 1]}${aside}.`;
  const module = modules.find((one) => one.name === culprit.module)!;
  const rate = `${placeWords(module.name)} ${module.verdict} as width^${exponent(module, culprit.step)}`;
  const advice =
    culprit.step === 0
      ? `from before the first update on${aside}; look at the initial scale of the tensors of role ${culprit.role}`
      : `from step ${culprit.step} on${aside}; look at the learning rate of the tensors of role ${culprit.role}`;
  return `${name} is broken: the output of ${rate} ${advice}.`;
}

function flatWords({ widths, modules }: Findings): string {
  const flat = modules.filter((module) => module.level === 'module' && !isRandomStart(module));
  const [least] = flat
    .map((module) => ({ name: module.name, size: Math.abs(worstSlope(module)!) }))
    .sort((a, b) => b.size - a.size);
  const largest = ` (largest |slope| ${least.size.toFixed(2)}, ${placeWords(least.name)})`;
  return `from width ${widths[0]} to ${widths[widths.length - 1]} every module stays flat${largest}${startWords(modules)}`;
}

/** Without it, whoever sees logits fall takes the recipe for broken. */
const startWords = (modules: readonly ModuleCheck[]): string =>
  modules.some(isRandomStart) ? '; the logits still shrink with width as their random start does' : '';

/** Which modules are neither flat nor surely not, and what would tell. */
function doubtWords({ modules, steps }: Findings): string {
  if (steps.length <= FIRST_JUDGED)
    return `slopes are judged from step ${FIRST_JUDGED} on, and there are ${steps.length} steps`;
  const open = modules.filter(
    (module) => module.level === 'module' && !isRandomStart(module) && module.verdict !== 'flat',
  );
  return `${openWords(open)}${startWords(modules)}`;
}

function openWords(open: readonly ModuleCheck[]): string {
  if (open.length === 0) return 'every module that was measured stays flat, but not every run came to its end';
  const names = listed(open.map((module) => placeWords(module.name)));
  return open.every(({ verdict }) => verdict === 'silent')
    ? `there is nothing to judge at ${names}`
    : `${names} cannot be judged within this noise; add seeds or widths`;
}

const FAMILIES = [
  { name: 'embedding', is: /^embedding$/ },
  { name: 'attention', is: /\.attn$/ },
  { name: 'mlp', is: /\.mlp$/ },
  { name: 'final norm', is: /^final\.norm$/ },
  { name: 'logits', is: /^logits$/ },
];

/** "attention, mlp and logits grow with width (slopes 0.6, 0.8, 0.9)", each the mean over layers and judged steps. */
function growthWords(modules: readonly ModuleCheck[]): string | null {
  const growing = FAMILIES.flatMap(({ name, is }) => {
    const grown = modules.filter((module) => is.test(module.name) && module.verdict === 'grows');
    return grown.length > 0 ? [{ name, slope: mean(grown.map(meanSlope)) }] : [];
  });
  if (growing.length === 0) return null;
  const names = listed(growing.map(({ name }) => name));
  const isOne = growing.length === 1 && growing[0].name !== 'logits';
  const slopes = growing.map(({ slope }) => slope.toFixed(1)).join(', ');
  return `${names} ${isOne ? 'grows' : 'grow'} with width (slope${growing.length === 1 ? '' : 's'} ${slopes})`;
}

const meanSlope = (module: ModuleCheck) => mean(judgedSteps(module).map((step) => module.slopes[step]!));

/** Mean slope from the step at which it began, with two digits. */
function exponent({ slopes }: ModuleCheck, from: number): string {
  return mean(slopes.slice(from).filter((slope) => slope !== null)).toFixed(2);
}

/** "mlp.up of layer 0" for `layers.0.mlp.up`, "final norm" */
function placeWords(module: string): string {
  const inLayer = /^layers\.(\d+)\.(.+)$/.exec(module);
  return inLayer ? `${inLayer[2]} of layer ${inLayer[1]}` : module.replace('.', ' ');
}

function divergence(runs: readonly { width: number; divergedAt?: number | null }[]): string[] {
  const lost = runs.flatMap(({ width, divergedAt }) => (typeof divergedAt === 'number' ? [{ width, divergedAt }] : []));
  if (lost.length === 0) return [];
  const widths = [...new Set(lost.map(({ width }) => width))].sort((a, b) => a - b);
  const first = Math.min(...lost.map(({ divergedAt }) => divergedAt));
  return [`judged up to step ${first}, where width ${listed(widths.map(String))} diverged`];
}
