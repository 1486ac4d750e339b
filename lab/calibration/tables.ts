/** The figures of the study as text: the same tables in the terminal and in docs/calibration.md. */
import { LEVELS } from '../../src/scaling/width/report.ts';
import { markdownTable } from '../bench/markdown.ts';
import type { Share, Summary } from './scores.ts';
import type { SourceFigures, CoverageStudy } from './study.ts';

const HEAD = ['targets', '50 %', '80 %', '95 %', 'median error', '80 % width'];
/** The sources whose methods are also told apart by target and whose factors are listed. */
const IN_FULL = ['law', 'real', 'careful'];

export function studyText({ quick, sources }: CoverageStudy): string {
  const parts = sources.map((source) => `## ${source.title}\n\n${sourceText(source)}`);
  return [...(quick ? ['Quick: few ladders; nothing was written.'] : []), ...parts].join('\n\n');
}

export function sourceText(source: SourceFigures): string {
  const isFull = IN_FULL.includes(source.id);
  const rows = source.methods.flatMap(({ name, all, at }, i) => [
    [name, 'all', ...summaryCells(all)],
    ...(isFull || i === 0 ? at.map(({ factor, summary }) => [name, `${factor}x`, ...summaryCells(summary)]) : []),
  ]);
  const { ladders } = source.methods[0]!.all;
  const missing = source.methods.flatMap(({ name, all }) =>
    all.coverage && all.withoutInterval > 0 ? [`${name}: no interval for ${all.withoutInterval} targets.`] : [],
  );
  return [
    [`${ladders} ladders.`, ...source.remarks, ...missing].join(' '),
    markdownTable(['method', 'target', ...HEAD], rows, [0, 1]),
    ...(isFull ? [factorTable(source)] : []),
  ].join('\n\n');
}

function factorTable({ factors }: SourceFigures): string {
  const rows = factors.flatMap(({ name, levels }) =>
    levels.map((level) => [`${name}: ${level.name}`, String(level.summary.ladders), ...summaryCells(level.summary)]),
  );
  return markdownTable(['the playground, by', 'ladders', ...HEAD], rows);
}

function summaryCells({ targets, coverage, medianError, width }: Summary): string[] {
  return [
    String(targets),
    ...LEVELS.map((level) => (coverage ? shareText(coverage[level]) : '')),
    medianError === null ? '' : percent(medianError, 3),
    width === null ? '' : percent(width['80'], 2),
  ];
}

const shareText = ({ share, error }: Share) => `${percent(share, 1)} ± ${percent(error, 1)}`;
const percent = (share: number, digits: number) => (100 * share).toFixed(digits);
