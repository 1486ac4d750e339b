/** What can be known of the seals of a table from its `fit.json` alone, and what cannot. */
import type { Ask } from '../../analysis/ask.ts';
import { InputError } from '../../model/parse.ts';
import type { FitFile } from '../../scaling/fit-file.ts';
import type { LossSeal } from '../../scaling/loss-seal.ts';
import type { Interval } from '../../scaling/width/report.ts';
import { verdictOf } from '../seal.ts';
import { isWhole, sealName, tableInputsHash } from '../table-seal.ts';
import { farthest, intervalOf, LAST_BIT, lossText } from './sameness.ts';
import { againstLaw, orderOf, publishedOf, wholeSeal } from './seal-statements.ts';
import { about, fails, holds, unknown, type Said, type Statement } from './statement.ts';

/** What of a table is looked at. */
export type SealedTable = Pick<FitFile, 'sealed'> & Partial<Pick<FitFile, 'fits'>>;

/** As `verify`, of the seals of a table. */
export async function verifyTable(
  { sealed = [], fits = [] }: SealedTable,
  ask: Ask,
  published: readonly string[] = [],
): Promise<Statement[]> {
  const statements: Statement[] = [];
  for (const seal of sealed) {
    const made = [inputsOf(seal), lossesOf(seal, fits), await predictionOf(seal, ask), curveOf(seal)];
    const others = sealed.filter((one) => one !== seal).map((one) => ({ name: tableSealTitle(one), seal: one }));
    statements.push(
      ...about(tableSealTitle(seal), [
        wholeSeal(seal, made, others),
        ...made,
        verdictStatement(seal),
        publishedOf(seal, published, made),
        orderOf(seal, sealName(seal)),
      ]),
    );
  }
  return [...statements, ...about(null, [ofAll(sealed), trainingOf(sealed)])];
}

/** What a seal is called beside others. */
export const tableSealTitle = (seal: LossSeal): string =>
  seal.series === null ? sealName(seal) : `${seal.series}, ${sealName(seal)}`;

function inputsOf(seal: LossSeal): Said {
  if (tableInputsHash(seal) === seal.inputsHash)
    return holds('inputs', 'Losses, target and level are those that it was made from.');
  const isHashOf = (change: Partial<LossSeal>) => tableInputsHash({ ...seal, ...change }) === seal.inputsHash;
  const what = isHashOf({ level: 0.8 })
    ? 'the level was changed: it was made for 80 %'
    : isHashOf({ curve: undefined, curvesHash: undefined })
      ? 'a training curve was added that it was made without'
      : isHashOf({ tokens: undefined })
        ? 'tokens were added that it was made without'
        : 'a loss, the target, the level, the curve or the hash of these was changed';
  return fails('inputs', `What it was made from is not what stands here: ${what}.`);
}

/** The sealed losses against the table that the file tells. */
function lossesOf({ points, series }: LossSeal, fits: FitFile['fits']): Said | null {
  const fit = fits.find((one) => one.series === series);
  if (!fit) return null;
  const table = fit.joint
    ? fit.joint.points.map(({ n, d, loss }) => [n, d, loss])
    : fit.points.map(({ x, loss }) => [x, loss]);
  const own = points.map(({ x, tokens, loss }) => (fit.joint ? [x, tokens ?? NaN, loss] : [x, loss]));
  const isSameTable =
    own.length === table.length && own.every((one) => table.some((row) => farthest(one, row) <= LAST_BIT));
  return isSameTable
    ? holds('losses', `The ${points.length} losses that it was made from are those of the table in this file.`)
    : unknown('losses', 'The table in this file has other losses by now; what was sealed stays as it was.');
}

/** The law through the sealed losses, made anew. */
async function predictionOf(seal: LossSeal, ask: Ask): Promise<Said> {
  try {
    const found = await predicted(seal, ask);
    if (!found) return fails('prediction', 'No law goes through the sealed losses: they are too few, or rise.');
    const interval = intervalOf(found.intervals, seal.level);
    if (!interval) return unknown('prediction', `This version makes no interval of the level ${seal.level}.`);
    return againstLaw(seal, { loss: found.loss, lo: interval[0], hi: interval[1] });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return fails('prediction', `No law goes through the sealed losses: ${error.message}`);
  }
}

async function predicted(
  { points, target, tokens }: LossSeal,
  ask: Ask,
): Promise<{ loss: number; intervals: Record<string, Interval> } | undefined> {
  if (tokens === undefined) {
    const plain = points.map(({ x, loss, standardError, seeds }) => ({
      ...{ x, loss },
      ...(standardError === undefined ? {} : { standardError }),
      ...(seeds === undefined ? {} : { seeds }),
    }));
    return (await ask({ kind: 'law', inputs: { points: plain, targets: [target], grid: [] } })).predictions[0];
  }
  const joint = points.map(({ x, tokens: d = NaN, loss }) => ({ n: x, d, loss }));
  const inputs = { points: joint, targets: [{ n: target, d: tokens }] };
  return (await ask({ kind: 'joint', inputs })).predictions[0];
}

function curveOf({ curve }: LossSeal): Said | null {
  if (!curve) return null;
  return isWhole(curve)
    ? unknown('curve', 'The training curves that its own was made from stand in the table only, not in this file.')
    : fails('curve', 'Its training curve is not whole: a loss lies outside of its band, or a window is missing.');
}

function verdictStatement(seal: LossSeal): Said {
  const { actual, verdict, curve, curveHeld = null, lo, hi } = seal;
  if (actual === null) {
    if (verdict !== null) return fails('verdict', `It says “${verdict}”, and no loss that was measured.`);
    if (curveHeld !== null)
      return fails('verdict', 'It says how much of a curve lay in the band, and no loss that was measured.');
    return unknown('verdict', 'No measured loss is told yet.');
  }
  const found = verdictOf(seal, actual);
  const where = `${found} the interval ${lossText(lo)} to ${lossText(hi)}`;
  if (verdict !== found) {
    return fails(
      'verdict',
      `The measured loss ${lossText(actual)} lies ${where}, and the verdict is “${verdict ?? 'none'}”.`,
    );
  }
  if (curveHeld !== null && !curve)
    return fails('verdict', 'It says how much of a curve lay in the band, and holds none.');
  return holds('verdict', `The measured loss, ${lossText(actual)} as it was told, lies ${where}, as the verdict says.`);
}

function ofAll(sealed: readonly LossSeal[]): Said {
  const names = sealed.map(tableSealTitle);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) return fails('whole', `There are two seals of ${twice}: only one can have come first.`);
  if (sealed.length === 0) return unknown('whole', 'Nothing is sealed in this file.');
  return holds('whole', 'Every target has one seal.');
}

const trainingOf = (sealed: readonly LossSeal[]): Said | null =>
  sealed.length === 0
    ? null
    : unknown('training', 'No file can tell that the losses of the table, and those told afterwards, were measured.');
