/** `npx tsx lab/bench/cost-plot.ts bench.json docs/cost.svg`: the section "cost" of a bench as a figure. */
import { readFileSync, writeFileSync } from 'node:fs';
import { scaleLog } from 'd3-scale';
import type { Bench, CostAxis } from './figures.ts';
import { placeText } from './tables.ts';
import { linePath } from '../../src/ui/chart/path.ts';

const PANEL = { width: 250, height: 200, left: 46, right: 14, top: 30, bottom: 34 };
const ACROSS = 3;
const HEAD = 58;
const INK = '#5b5b66';
const MEASURED = '#0f62b5';
const EXPECTED = '#b5570f';

const [source, target] = process.argv.slice(2);
if (!source || !target) throw new Error('usage: npx tsx lab/bench/cost-plot.ts bench.json figure.svg');
const bench = JSON.parse(readFileSync(source, 'utf8')) as Bench;
const figures = bench.sections.cost;
if (!figures) throw new Error(`${source} has no section "cost"; run npm run bench -- --only cost --out ${source}`);
writeFileSync(target, figure(figures.axes));

function figure(axes: CostAxis[]): string {
  const rows = Math.ceil(axes.length / ACROSS);
  const [width, height] = [ACROSS * PANEL.width, HEAD + rows * PANEL.height];
  const panels = axes.map((axis, i) => {
    const [x, y] = [(i % ACROSS) * PANEL.width, HEAD + Math.floor(i / ACROSS) * PANEL.height];
    return `<g transform="translate(${x} ${y})">${panel(axis)}</g>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="11" fill="${INK}" role="img" aria-labelledby="t">`,
    `<title id="t">Step time against the operations of a step, one size varied at a time</title>`,
    `<rect width="${width}" height="${height}" rx="10" fill="#ffffff"/>`,
    `<text x="14" y="22" font-size="14" font-weight="600" fill="#1c1b22">Step time (ms) against the operations of a step (GFLOP)</text>`,
    `<text x="14" y="40">Dots: measured, with quartiles. Dashed: what it would be at the rate of the last dot. ${escaped(placeText(bench).split(',')[0])}.</text>`,
    ...panels,
    '</svg>\n',
  ].join('\n');
}

function panel({ axis, rows, slope }: CostAxis): string {
  const flops = rows.map(({ gigaflop }) => gigaflop);
  const last = rows.at(-1)!;
  const expected = (gigaflop: number) => (last.step.median * gigaflop) / last.gigaflop;
  const times = rows.flatMap(({ step, gigaflop }) => [step.lower, step.upper, expected(gigaflop)]);
  const x = scaleLog(padded(flops), [PANEL.left, PANEL.width - PANEL.right]);
  const y = scaleLog(padded(times), [PANEL.height - PANEL.bottom, PANEL.top]);
  const path = linePath([flops[0], last.gigaflop].map((gigaflop) => [x(gigaflop), y(expected(gigaflop))] as const));
  const dots = rows.map(({ gigaflop, step, value }) => {
    const [cx, cy] = [round(x(gigaflop)), round(y(step.median))];
    const spread = `<line x1="${cx}" x2="${cx}" y1="${round(y(step.lower))}" y2="${round(y(step.upper))}" stroke="${MEASURED}"/>`;
    const name = `<text x="${cx}" y="${cy - 7}" text-anchor="middle">${value}</text>`;
    return `${spread}<circle cx="${cx}" cy="${cy}" r="3.2" fill="${MEASURED}"/>${name}`;
  });
  const [left, right, bottom] = [PANEL.left, PANEL.width - PANEL.right, PANEL.height - PANEL.bottom];
  const decades = (scale: typeof x) => scale.ticks(4).filter((tick) => Number.isInteger(Math.log10(tick)));
  return [
    `<text x="${left}" y="16" font-size="12" font-weight="600" fill="#1c1b22">${axis}</text>`,
    `<text x="${right}" y="16" text-anchor="end">slope ${slope.toFixed(2)}</text>`,
    ...decades(y).map(
      (tick) =>
        `<line x1="${left}" x2="${right}" y1="${round(y(tick))}" y2="${round(y(tick))}" stroke="#e4e2dc"/><text x="${left - 6}" y="${round(y(tick) + 4)}" text-anchor="end">${tick}</text>`,
    ),
    ...decades(x).map(
      (tick) =>
        `<line x1="${round(x(tick))}" x2="${round(x(tick))}" y1="${PANEL.top}" y2="${bottom}" stroke="#e4e2dc"/><text x="${round(x(tick))}" y="${bottom + 16}" text-anchor="middle">${tick}</text>`,
    ),
    `<path d="${path}" fill="none" stroke="${EXPECTED}" stroke-dasharray="5 4"/>`,
    ...dots,
  ].join('\n');
}

/** The range of the values with an eighth of it, as seen on a log axis, on either side. */
function padded(values: number[]): [number, number] {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const margin = Math.max(1.03, (most / least) ** 0.125);
  return [least / margin, most * margin];
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(text: string): string {
  return text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
