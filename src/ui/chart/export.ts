/** Taking a chart away: a drawing that stands on its own, a picture of it, and its numbers. */
import { csvText } from '../../tables/csv.ts';
import type { Table } from './table.ts';

const PAINT = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'stroke-linecap', 'stroke-linejoin', 'opacity'];
/** Air around an exported drawing, in CSS pixels. */
const EDGE = 16;
const TYPE = ['font-family', 'font-size', 'font-weight', 'text-anchor'];

/** Height of the line below an exported drawing, in CSS pixels. */
const LINE = 20;

/** A drawing as an SVG file, with its size in CSS pixels. */
interface Drawing {
  text: string;
  width: number;
  height: number;
}

/** The drawing as a file: colours and fonts written out, controls and crosshair left behind; `note`, if any, stands below. */
function drawingOf(svg: SVGSVGElement, title: string, note: string): Drawing {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const originals = svg.querySelectorAll<SVGElement>('*');
  copy.querySelectorAll<SVGElement>('*').forEach((element, i) => inlineStyle(originals[i], element));
  for (const leftBehind of copy.querySelectorAll('[data-no-export], [role="slider"], .reach')) leftBehind.remove();
  for (const element of copy.querySelectorAll('*')) {
    for (const name of ['class', 'role', 'tabindex', 'aria-pressed', 'aria-hidden']) element.removeAttribute(name);
  }
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  const plot = svg.viewBox.baseVal;
  const width = plot.width + 2 * EDGE;
  const height = plot.height + 2 * EDGE + (note ? LINE : 0);
  copy.setAttribute('viewBox', `${-EDGE} ${-EDGE} ${width} ${height}`);
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  copy.setAttribute('role', 'img');
  const ground = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  ground.setAttribute('x', String(-EDGE));
  ground.setAttribute('y', String(-EDGE));
  ground.setAttribute('width', '100%');
  ground.setAttribute('height', '100%');
  ground.setAttribute('fill', getComputedStyle(document.documentElement).getPropertyValue('--card').trim() || '#fff');
  const heading = document.createElementNS('http://www.w3.org/2000/svg', 'title');
  heading.textContent = note ? `${title}. ${note}` : title;
  copy.prepend(heading, ground);
  if (note) copy.append(noteBelow(note, plot.height + LINE));
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(copy)}`;
  return { text, width, height };
}

function noteBelow(note: string, y: number): SVGTextElement {
  const style = getComputedStyle(document.body);
  const line = document.createElementNS('http://www.w3.org/2000/svg', 'text');
  line.setAttribute('x', '0');
  line.setAttribute('y', String(y));
  line.setAttribute('fill', style.color);
  line.setAttribute('font-family', style.fontFamily);
  line.setAttribute('font-size', '13');
  line.textContent = note;
  return line;
}

function inlineStyle(from: SVGElement, to: SVGElement): void {
  const style = getComputedStyle(from);
  const names = from instanceof SVGTextElement ? [...PAINT, ...TYPE] : PAINT;
  for (const name of names) to.setAttribute(name, style.getPropertyValue(name));
  // It would win over what is written out, and names colours that only the page knows.
  to.removeAttribute('style');
}

/** The same drawing as a picture at twice the screen's size. */
async function pngBlob({ text, width, height }: Drawing): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = width * 2;
  canvas.height = height * 2;
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error('This browser could not make a PNG.'))),
      'image/png',
    ),
  );
}

/** Lets the browser save `content` under `name`. */
export function download(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export type FigureFormat = 'svg' | 'png' | 'csv';

/** What is taken away. */
export interface Figure {
  /** Absent until it is drawn. */
  svg: SVGSVGElement | undefined;
  table: Table;
  /** Start of the names of its files. */
  file: string;
  /** What it shows, in one sentence. */
  title: string;
  /** Whether its numbers were recorded for the page and not measured on it. */
  isRecorded: boolean;
}

/** The name of a file tells what was not measured on this page. */
export const fileName = (name: string, isRecorded: boolean): string => (isRecorded ? `example-${name}` : name);

const marked = ({ columns, rows }: Table): Table => ({
  columns: [...columns, 'source'],
  rows: rows.map((row) => [...row, 'recorded example']),
});

/** Saves a drawing, a picture of it, or its numbers; recorded ones say so. */
export async function saveFigure(kind: FigureFormat, { svg, table, file, title, isRecorded }: Figure): Promise<void> {
  const name = fileName(`${file}.${kind}`, isRecorded);
  if (kind === 'csv') {
    const { columns, rows } = isRecorded ? marked(table) : table;
    // Without its mark a spreadsheet takes the text for one of its country's code page.
    download(name, new Blob(['\ufeff', csvText([columns, ...rows])], { type: 'text/csv' }));
    return;
  }
  if (!svg) return;
  const drawing = drawingOf(svg, title, isRecorded ? 'Recorded example, not measured here' : '');
  if (kind === 'svg') download(name, new Blob([drawing.text], { type: 'image/svg+xml' }));
  else download(name, await pngBlob(drawing));
}
