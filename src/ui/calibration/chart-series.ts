/** Methods of the calibration study as lines with marks, and the numbers behind them. */
import type { Mark } from '../chart/mark.ts';
import { DASHES, type Shape } from '../chart/shapes.ts';
import type { Table } from '../chart/table.ts';
import { CALIBRATION_LEVELS, type CalibrationMethod, type CalibrationSource } from './figures.ts';

interface CoverageSeries {
  id: string;
  name: string;
  color: string;
  shape: Shape;
  dash: string | undefined;
  marks: Mark[];
}

/** Ours first; colour, shape and dash together, so that any one of them tells. */
const STYLES: { color: string; shape: Shape }[] = [
  { color: 'var(--mup)', shape: 'circle' },
  { color: 'var(--warn)', shape: 'square' },
  { color: 'var(--seal)', shape: 'triangle' },
  { color: 'var(--ok)', shape: 'pentagon' },
];
/** Marks of one level stand side by side, so that their error bars do not cover one another. */
const ASIDE = 0.012;

/** Methods that give intervals. */
export function seriesOf({ methods }: CalibrationSource): CoverageSeries[] {
  const drawn = methods.flatMap((method, i) => (method.coverage ? [{ method, i }] : []));
  const aside = (i: number) => ASIDE * (i - (drawn.length - 1) / 2);
  return drawn.map(({ method, i }) => styled(method, i, aside(i)));
}

function styled({ id, name, coverage }: CalibrationMethod, index: number, aside: number): CoverageSeries {
  const { color, shape } = STYLES[index % STYLES.length]!;
  const marks = CALIBRATION_LEVELS.map((level): Mark => {
    const { share, error } = coverage![level];
    return {
      id: `${id}-${level}`,
      x: Number(level) / 100 + aside,
      y: share,
      lo: Math.max(0, share - error),
      hi: Math.min(1, share + error),
      shape,
      isFilled: true,
      color,
      label: `${name}: the ${level} % interval held ${(100 * share).toFixed(1)} %`,
    };
  });
  return { id, name, color, shape, dash: DASHES[index % DASHES.length], marks };
}

export function calibrationTable({ methods }: CalibrationSource): Table {
  const columns = CALIBRATION_LEVELS.flatMap((level) => [`${level} % interval held`, `standard error at ${level} %`]);
  return {
    columns: ['method', ...columns, 'median |error|', '80 % width'],
    rows: methods.map(({ name, coverage, medianError, width }) => [
      name,
      ...CALIBRATION_LEVELS.flatMap((level) => {
        const one = coverage?.[level];
        return one ? [one.share, one.error] : [null, null];
      }),
      medianError,
      width,
    ]),
  };
}
