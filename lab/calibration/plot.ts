/** docs/calibration.svg: what intervals promise against what they held, and how wide they are for it. */
import { scaleLinear, scaleLog } from 'd3-scale';
import { LEVELS } from '../../src/scaling/width/report.ts';
import { shapePath, type Shape } from '../../src/ui/chart/shapes.ts';
import type { SourceFigures, CoverageStudy } from './study.ts';
import { linePath } from '../../src/ui/chart/path.ts';

const PANEL = { width: 370, height: 270, left: 46, right: 16, top: 34, bottom: 42 };
const HEAD = 66;
const INK = '#5b5b66';
const STRONG = '#1c1b22';
const GRID = '#e4e2dc';
const STYLES: Record<string, { color: string; shape: Shape; dash: string }> = {
  ours: { color: '#0f62b5', shape: 'circle', dash: '' },
  'least-squares': { color: '#b5570f', shape: 'square', dash: '7 3' },
  'least-squares-t': { color: '#7a2fb0', shape: 'triangle', dash: '2 3' },
  'no-floor': { color: '#12693f', shape: 'pentagon', dash: '9 3 2 3' },
};
const SOURCES: Record<string, string> = { law: 'Simulated, the width law', real: 'Trained by the engine' };

/** One mark of a method at one level; all but the width are shares. */
interface Mark {
  nominal: number;
  measured: number;
  error: number;
  width: number;
}

type Methods = { id: string; name: string; marks: Mark[] }[];

export function calibrationPlot({ sources }: CoverageStudy): string {
  const shown = sources.filter(({ id }) => id in SOURCES);
  const [width, height] = [2 * PANEL.width, HEAD + shown.length * PANEL.height];
  const rows = shown.flatMap((source, row) => {
    const methods = methodsOf(source);
    const { ladders, targets } = source.methods[0]!.all;
    const title = `${SOURCES[source.id]}: ${ladders} ladders, ${targets} targets`;
    const y = HEAD + row * PANEL.height;
    return [
      `<g transform="translate(0 ${y})">${coveragePanel(title, methods)}</g>`,
      `<g transform="translate(${PANEL.width} ${y})">${widthPanel(methods)}</g>`,
    ];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="11" fill="${INK}" role="img" aria-labelledby="t">`,
    `<title id="t">Share of new runs inside their interval against the share promised, and against the interval's width</title>`,
    `<rect width="${width}" height="${height}" rx="10" fill="#ffffff"/>`,
    `<text x="14" y="22" font-size="14" font-weight="600" fill="${STRONG}">How often intervals hold, and how wide they are</text>`,
    legend(methodsOf(shown[0]!)),
    ...rows,
    '</svg>\n',
  ].join('\n');
}

function methodsOf({ methods }: SourceFigures): Methods {
  return methods.flatMap(({ id, name, all: { coverage, width } }) => {
    if (!coverage || !width) return [];
    const marks = LEVELS.map((level) => ({
      nominal: Number(level) / 100,
      measured: coverage[level].share,
      error: coverage[level].error,
      width: width[level],
    }));
    return [{ id, name, marks }];
  });
}

const shares = () => scaleLinear([0, 1], [PANEL.height - PANEL.bottom, PANEL.top]);

function coveragePanel(title: string, methods: Methods): string {
  const x = scaleLinear([0.4, 1], [PANEL.left, PANEL.width - PANEL.right]);
  const y = shares();
  const promised = `<path d="M${round(x(0.4))},${round(y(0.4))}L${round(x(1))},${round(y(1))}" stroke="${INK}" stroke-dasharray="2 4"/>`;
  return [
    `<text x="${PANEL.left}" y="18" font-size="12" font-weight="600" fill="${STRONG}">${title}</text>`,
    axes(y, [0.5, 0.8, 0.95], x, 'promised (dotted: kept exactly)', percent),
    promised,
    ...methods.map(({ id, marks }, i) => series(id, marks, ({ nominal }) => x(nominal) + aside(i, methods.length), y)),
  ].join('\n');
}

/** Marks of one level stand side by side, so that their error bars do not cover one another. */
const aside = (i: number, count: number) => 6 * (i - (count - 1) / 2);

function widthPanel(methods: Methods): string {
  const widths = methods.flatMap(({ marks }) => marks.map(({ width }) => width));
  const domain = [Math.min(...widths) / 1.15, Math.max(...widths) * 1.15];
  const x = scaleLog(domain, [PANEL.left, PANEL.width - PANEL.right]);
  const y = shares();
  const ticks = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5].filter(
    (tick) => tick > domain[0]! && tick < domain[1]!,
  );
  return [
    axes(y, ticks, x, 'median width of the 50, 80 and 95 % intervals, of the loss', percent),
    ...methods.map(({ id, marks }) => series(id, marks, ({ width }) => x(width), y)),
  ].join('\n');
}

type Scale = (value: number) => number;

function axes(y: Scale, ticks: number[], x: Scale, title: string, words: (value: number) => string): string {
  const [left, right, bottom] = [PANEL.left, PANEL.width - PANEL.right, PANEL.height - PANEL.bottom];
  return [
    ...[0, 0.2, 0.4, 0.6, 0.8, 1].map(
      (tick) =>
        `<line x1="${left}" x2="${right}" y1="${round(y(tick))}" y2="${round(y(tick))}" stroke="${GRID}"/><text x="${left - 6}" y="${round(y(tick) + 4)}" text-anchor="end">${words(tick)}</text>`,
    ),
    ...ticks.map((tick) => `<text x="${round(x(tick))}" y="${bottom + 16}" text-anchor="middle">${words(tick)}</text>`),
    `<text x="${right}" y="${bottom + 33}" text-anchor="end">${title}</text>`,
    `<text x="${left + 4}" y="${PANEL.top - 4}">held</text>`,
  ].join('\n');
}

/** Error bars are one standard error either way. */
function series(id: string, marks: Mark[], x: (mark: Mark) => number, y: Scale): string {
  const { color, dash } = STYLES[id]!;
  const path = linePath(marks.map((mark) => [x(mark), y(mark.measured)] as const));
  const points = marks.map((mark) => {
    const { measured, error } = mark;
    const [cx, cy] = [round(x(mark)), round(y(measured))];
    const [top, foot] = [y(Math.min(1, measured + error)), y(Math.max(0, measured - error))].map(round);
    return `<line x1="${cx}" x2="${cx}" y1="${top}" y2="${foot}" stroke="${color}"/>${symbol(id, cx, cy)}`;
  });
  return `<path d="${path}" fill="none" stroke="${color}" stroke-width="1.5" stroke-dasharray="${dash}"/>${points.join('')}`;
}

function symbol(id: string, x: number, y: number): string {
  const { color, shape } = STYLES[id]!;
  return `<path transform="translate(${x} ${y})" d="${shapePath(shape, 4)}" fill="${color}" stroke="#ffffff"/>`;
}

function legend(methods: Methods): string {
  let next = 14;
  return methods
    .map(({ id, name }) => {
      const x = next;
      next += 56 + 6.2 * name.length;
      const { color, dash } = STYLES[id]!;
      const stroke = `<path d="M${round(x)},42h30" stroke="${color}" stroke-width="1.5" stroke-dasharray="${dash}"/>`;
      const text = `<text x="${round(x + 36)}" y="46">${name}</text>`;
      return `${stroke}${symbol(id, round(x + 15), 42)}${text}`;
    })
    .join('\n');
}

const percent = (share: number) => `${Number((100 * share).toPrecision(2))} %`;
const round = (value: number) => Math.round(value * 10) / 10;
