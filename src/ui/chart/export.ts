/** Taking a chart away: a drawing that stands on its own, a picture of it, and its numbers. */
import type { Table } from './table.ts';

const PAINT = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'stroke-linecap', 'stroke-linejoin', 'opacity'];
/** Air around an exported drawing, in CSS pixels. */
const EDGE = 16;
const TYPE = ['font-family', 'font-size', 'font-weight', 'text-anchor'];

/** The drawing as an SVG file: colours and fonts written out, controls and crosshair left behind. */
function svgText(svg: SVGSVGElement, title: string): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const originals = svg.querySelectorAll<SVGElement>('*');
  copy.querySelectorAll<SVGElement>('*').forEach((element, i) => inlineStyle(originals[i], element));
  for (const leftBehind of copy.querySelectorAll('[data-no-export], [role="slider"], .reach')) leftBehind.remove();
  for (const element of copy.querySelectorAll('*')) {
    for (const name of ['class', 'role', 'tabindex', 'aria-pressed', 'aria-hidden']) element.removeAttribute(name);
  }
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  const { width, height } = svg.viewBox.baseVal;
  copy.setAttribute('viewBox', `${-EDGE} ${-EDGE} ${width + 2 * EDGE} ${height + 2 * EDGE}`);
  copy.setAttribute('width', String(width + 2 * EDGE));
  copy.setAttribute('height', String(height + 2 * EDGE));
  copy.setAttribute('role', 'img');
  const ground = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  ground.setAttribute('x', String(-EDGE));
  ground.setAttribute('y', String(-EDGE));
  ground.setAttribute('width', '100%');
  ground.setAttribute('height', '100%');
  ground.setAttribute('fill', getComputedStyle(document.documentElement).getPropertyValue('--card').trim() || '#fff');
  const heading = document.createElementNS('http://www.w3.org/2000/svg', 'title');
  heading.textContent = title;
  copy.prepend(heading, ground);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(copy)}`;
}

function inlineStyle(from: SVGElement, to: SVGElement): void {
  const style = getComputedStyle(from);
  const names = from instanceof SVGTextElement ? [...PAINT, ...TYPE] : PAINT;
  for (const name of names) to.setAttribute(name, style.getPropertyValue(name));
  // It would win over what is written out, and names colours that only the page knows.
  to.removeAttribute('style');
}

/** The same drawing as a picture at twice the screen's size. */
async function pngBlob(svg: SVGSVGElement, title: string): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svgText(svg, title))}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = (svg.clientWidth + 2 * EDGE) * 2;
  canvas.height = (svg.clientHeight + 2 * EDGE) * 2;
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error('This browser could not make a PNG.'))),
      'image/png',
    ),
  );
}

/** RFC 4180; numbers at full precision, nothing as an empty field. */
function csvText({ columns, rows }: Table): string {
  const field = (cell: string | number | null) => {
    const text = cell === null ? '' : String(cell);
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [columns, ...rows].map((row) => row.map(field).join(',')).join('\r\n') + '\r\n';
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

/** Saves a drawing, a picture of it, or its numbers; `title` says what it shows. */
export async function saveFigure(
  kind: FigureFormat,
  svg: SVGSVGElement,
  table: Table,
  file: string,
  title: string,
): Promise<void> {
  if (kind === 'csv') download(`${file}.csv`, new Blob([csvText(table)], { type: 'text/csv' }));
  else if (kind === 'svg') download(`${file}.svg`, new Blob([svgText(svg, title)], { type: 'image/svg+xml' }));
  else download(`${file}.png`, await pngBlob(svg, title));
}
