/** Taking a figure away: as a drawing, as a picture of it, on paper, as numbers, or as the words that belong below it. */
import { flushSync } from 'svelte';
import { csvText } from '../../tables/csv.ts';
import { drawingOf, svgText, type Drawing } from './drawing.ts';
import type { Table } from './table.ts';

export type FigureFormat = 'svg' | 'png' | 'csv';

/** Widths of a drawing's chart, in CSS pixels: as it is on the page, or a column of a paper and both of them. */
export const SIZES = { page: null, 'one column': 340, 'two columns': 700 } as const;
export type FigureSize = keyof typeof SIZES;

/** What is taken away. */
export interface Figure {
  /** Absent until it is drawn. */
  svg: SVGSVGElement | undefined;
  /** Lays the chart out in another width; null for that of the page. */
  resize?: (width: number | null) => void;
  /** Gives the page the colours of paper, or its own again. */
  dress?: (isPaper: boolean) => void;
  table: Table;
  /** Start of the names of its files. */
  file: string;
  /** What it shows, in one sentence. */
  title: string;
  /** Whether its numbers were recorded for the page and not measured on it. */
  isRecorded: boolean;
  /** Where its numbers come from, a line each. */
  about: readonly string[];
}

/** Pixels of a picture in one of the drawing: sharp in print. */
const SCALE = 3;

/** The name of a file tells what was not measured on this page. */
export const fileName = (name: string, isRecorded: boolean): string => (isRecorded ? `example-${name}` : name);

/** Lets the browser save `content` under `name`. */
export function download(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Saves a drawing, a picture of it, or its numbers; recorded ones say so. */
export async function saveFigure(kind: FigureFormat, figure: Figure, size: FigureSize = 'page'): Promise<void> {
  const { file, table, isRecorded } = figure;
  const name = fileName(`${file}.${kind}`, isRecorded);
  if (kind === 'csv') {
    const { columns, rows } = isRecorded ? marked(table) : table;
    // Without its mark a spreadsheet takes the text for one of its country's code page.
    download(name, new Blob(['\ufeff', csvText([columns, ...rows])], { type: 'text/csv' }));
    return;
  }
  const drawing = drawn(figure, size);
  if (!drawing) return;
  if (kind === 'svg') download(name, new Blob([svgText(drawing)], { type: 'image/svg+xml' }));
  else download(name, await pngBlob(drawing));
}

const marked = ({ columns, rows }: Table): Table => ({
  columns: [...columns, 'source'],
  rows: rows.map((row) => [...row, 'recorded example']),
});

/** Laid out anew and drawn before the browser paints, so that nobody sees the page change. */
function drawn({ svg, resize, dress, title, about }: Figure, size: FigureSize): Drawing | null {
  if (!svg) return null;
  const set = (width: number | null, isPaper: boolean) => {
    resize?.(width);
    dress?.(isPaper);
    flushSync();
  };
  set(SIZES[size], true);
  try {
    return drawingOf(svg, title, about);
  } finally {
    set(null, false);
  }
}

async function pngBlob(drawing: Drawing): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svgText(drawing))}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = drawing.width * SCALE;
  canvas.height = drawing.height * SCALE;
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error('This browser could not make a PNG.'))),
      'image/png',
    ),
  );
}

/** The drawing alone on a page of paper, by way of the browser's print: from there it may become a PDF. */
export function printFigure(figure: Figure, size: FigureSize): void {
  const drawing = drawn(figure, size);
  if (!drawing) return;
  // Not every browser says when a print is over.
  document.querySelector('.paper')?.remove();
  const sheet = document.createElement('div');
  sheet.className = 'paper';
  sheet.append(drawing.svg);
  document.body.append(sheet);
  document.documentElement.classList.add('prints-figure');
  const done = () => {
    sheet.remove();
    document.documentElement.classList.remove('prints-figure');
  };
  addEventListener('afterprint', done, { once: true });
  print();
}

/** What stands below a figure in a paper: what it shows, and where its numbers come from. */
export const captionText = ({ title, about }: Pick<Figure, 'title' | 'about'>): string =>
  [`${title}.`, ...about].join(' ');
