/** A table of losses as `fit.json`, and a `fit.json` as a table again. */
import { InputError } from '../../model/parse.ts';
import {
  FIT_SCHEMA,
  fileFitOf,
  fileFrontierOf,
  fileJointOf,
  fileReadingOf,
  parseFitFile,
  type FitFile,
} from '../../scaling/fit-file.ts';
import { checkTableSeals } from '../../experiment/table-seal.ts';
import { csvText } from '../../tables/csv.ts';
import { newDocument, type LossDocument } from '../state/loss-document.ts';
import type { Losses } from '../state/losses.svelte.ts';
import { sealsInTable } from './table-scene.ts';

/** All that is on show of a table, its series as `npm run fit --out` writes it, with what was sealed. @throws InputError while there is no fit. */
export function fitFileOf({ document, reading, series, scene, report, frontier, isJoint, checks }: Losses): FitFile {
  const nameOf = (role: 'x' | 'y') => reading.table?.columns.find((column) => column.role === role)?.name ?? '';
  const columns = {
    series: series?.name ?? null,
    x: nameOf('x'),
    y: nameOf('y'),
  };
  const sealed = sealsInTable(reading.ladders, document, reading.table?.measurements);
  const part = <T>(key: string, all: readonly T[] | undefined) => (all && all.length > 0 ? { [key]: all } : {});
  const found = checks.answered?.finding;
  const more = {
    ...(reading.table ? { reading: fileReadingOf(reading.table) } : {}),
    ...part('transfer', found?.transfer),
    ...part('basin', found?.basin),
    ...part('coordinates', found?.coordinates),
    ...part('collapse', found?.collapse),
    ...part('sealed', sealed),
  };
  if (isJoint && frontier) {
    const fits = [fileJointOf(frontier.report, columns)];
    return parseFitFile({
      schema: FIT_SCHEMA,
      fits,
      ...part('frontier', [fileFrontierOf(frontier, columns.series) ?? []].flat()),
      ...more,
    });
  }
  if (report) return parseFitFile({ schema: FIT_SCHEMA, fits: [fileFitOf(report, columns, scene.heldBack)], ...more });
  if (found && found.coordinates.length > 0) return parseFitFile({ schema: FIT_SCHEMA, fits: [], ...more });
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
    const held = fits.find(({ heldBack = [] }) => heldBack.length > 0);
    const first = held ? new Set(held.points.map(({ x }) => x)).size : null;
    return {
      ...newDocument(what, table.replaceAll('\r\n', '\n')),
      ...{ columns: chosen, sealed, first: first !== null && first >= 3 ? first : null },
    };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError('file', `${what} cannot be used: ${error.message}`);
  }
}

function rowsOf({ series, points, heldBack = [], predictions, joint }: FitFile['fits'][number]): (string | number)[][] {
  const name = series ?? '';
  if (joint) {
    return [
      ...joint.points.map(({ n, d, loss }) => [name, n, loss, '', '', d]),
      ...joint.predictions.map(({ n, d }) => [name, n, '', '', '', d]),
    ];
  }
  return [
    ...points.map(({ x, loss, standardError = '', seeds = '' }) => [name, x, loss, standardError, seeds]),
    ...heldBack.map(({ x, loss }) => [name, x, loss, '', '']),
    ...predictions.filter(({ x }) => !heldBack.some((one) => one.x === x)).map(({ x }) => [name, x, '', '', '']),
  ];
}
