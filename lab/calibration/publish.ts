/** Where the figures of the study go: the document's tables, its figure, and the file that the page reads. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../cli/root.ts';
import { parseCalibration, type Calibration, type CalibrationSource } from '../../src/ui/calibration/figures.ts';
import { calibrationPlot } from './plot.ts';
import type { SourceFigures, CoverageStudy } from './study.ts';
import { sourceText } from './tables.ts';

const DOCUMENT = join(ROOT, 'docs/calibration.md');
const FIGURE = join(ROOT, 'docs/calibration.svg');
const PAGE_FIGURES = join(ROOT, 'public/recorded/calibration.json');

export function publish(study: CoverageStudy): void {
  const filled = study.sources.reduce(withTables, readFileSync(DOCUMENT, 'utf8'));
  writeFileSync(DOCUMENT, filled);
  writeFileSync(FIGURE, calibrationPlot(study));
  writeFileSync(PAGE_FIGURES, `${JSON.stringify(pageFigures(study))}\n`);
}

function withTables(document: string, source: SourceFigures): string {
  const [begin, end] = [`<!-- table: ${source.id} -->`, `<!-- end: ${source.id} -->`];
  const [start, stop] = [document.indexOf(begin), document.indexOf(end)];
  if (start < 0 || stop < start) throw new Error(`docs/calibration.md has no "${begin}" with its "${end}".`);
  return `${document.slice(0, start)}${begin}\n\n${sourceText(source)}\n\n${document.slice(stop)}`;
}

/** The sources that the page shows, over all their targets. */
function pageFigures({ sources }: CoverageStudy): Calibration {
  const of = (source: string, id: CalibrationSource['id']): CalibrationSource => {
    const { methods } = sources.find((one) => one.id === source)!;
    const { ladders, targets } = methods[0]!.all;
    return {
      id,
      ladders,
      targets,
      methods: methods.map(({ id, name, all }) => ({
        id,
        name,
        coverage: all.coverage,
        medianError: all.medianError!,
        width: all.width?.['80'] ?? null,
      })),
    };
  };
  const figures = {
    schema: 'mup-playground/calibration@1',
    sources: [of('law', 'simulated'), of('real', 'trained'), of('careful', 'careful')],
  };
  // Six digits are more than the study knows, and keep the page's file short.
  const short = JSON.parse(JSON.stringify(figures), (_, value: unknown) =>
    typeof value === 'number' ? Number(value.toPrecision(6)) : value,
  ) as unknown;
  return parseCalibration(short);
}
