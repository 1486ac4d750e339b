/** A table of losses as `fit.json`, and a `fit.json` as a table again. */
import { InputError } from '../../model/parse.ts';
import { FIT_SCHEMA, fileFitOf, fileJointOf, parseFitFile, type FitFile } from '../../scaling/fit-file.ts';
import { checkTableSeals } from '../../experiment/table-seal.ts';
import { csvText } from '../../tables/csv.ts';
import { newDocument, type LossDocument } from '../state/loss-document.ts';
import type { Losses } from '../state/losses.svelte.ts';
import { sealsInTable } from './table-scene.ts';

/** The series on show, as `npm run fit --out` writes it, with what was sealed. @throws InputError while there is no fit. */
export function fitFileOf({ document, reading, series, report, jointReport, isJoint }: Losses): FitFile {
  const nameOf = (role: 'x' | 'y') => reading.table?.columns.find((column) => column.role === role)?.name ?? '';
  const columns = {
    series: series?.name ?? null,
    x: nameOf('x'),
    y: nameOf('y'),
  };
  const sealed = sealsInTable(reading.ladders, document);
  const seals = sealed.length > 0 ? { sealed } : {};
  if (isJoint && jointReport) {
    return parseFitFile({ schema: FIT_SCHEMA, fits: [fileJointOf(jointReport, columns)], ...seals });
  }
  if (report) return parseFitFile({ schema: FIT_SCHEMA, fits: [fileFitOf(report, columns)], ...seals });
  throw new InputError('fit', 'There is no fit yet.');
}

/** @throws InputError with one sentence when the text is no `fit.json`, or one of its seals is not that of its points. */
export function openFitFile(text: string, what: string): LossDocument {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new InputError('file', `${what} is not JSON; choose a fit.json that this page or \`npm run fit\` wrote.`);
  }
  try {
    const { fits, sealed = [] } = parseFitFile(parsed);
    checkTableSeals(sealed);
    const isJoint = fits.some(({ joint }) => joint);
    const rows = fits.flatMap((fit) => rowsOf(fit));
    const hasSeries = fits.some(({ series }) => series !== null);
    const columns = ['series', 'x', 'loss', 'standard error', 'seeds', ...(isJoint ? ['tokens'] : [])];
    const table = csvText([columns, ...rows].map((row) => row.slice(hasSeries ? 0 : 1, columns.length)));
    const place = (name: string) => columns.indexOf(name) - (hasSeries ? 0 : 1);
    const chosen = { x: place('x'), y: place('loss'), ...(isJoint ? { tokens: place('tokens') } : {}) };
    return { ...newDocument(what, table.replaceAll('\r\n', '\n')), columns: chosen, sealed };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError('file', `${what} cannot be used: ${error.message}`);
  }
}

function rowsOf({ series, points, predictions, joint }: FitFile['fits'][number]): (string | number)[][] {
  const name = series ?? '';
  if (joint) {
    return [
      ...joint.points.map(({ n, d, loss }) => [name, n, loss, '', '', d]),
      ...joint.predictions.map(({ n, d }) => [name, n, '', '', '', d]),
    ];
  }
  return [
    ...points.map(({ x, loss, standardError = '', seeds = '' }) => [name, x, loss, standardError, seeds]),
    ...predictions.map(({ x }) => [name, x, '', '', '']),
  ];
}
