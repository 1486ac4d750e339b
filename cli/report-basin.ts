/** A basin in a terminal: a map for each width, of the cells near its best and of those near every width's best. */
import { parameterName } from '../src/checks/wording.ts';
import type { BasinCheck } from '../src/model/check-results.ts';
import { lossText, sweptTexts, table } from './words.ts';

type BasinMap = BasinCheck['maps'][number];

const legend = (size: string): string =>
  `M the best of its ${size}, # in the basin of every ${size}, + in that of this ${size}, x diverged, · the rest`;

/** @param over what the sizes are called */
export function basinText(check: BasinCheck<string>, over = 'width'): string {
  const { recipe, values, margin, maps, sentence } = check;
  const [rows, columns] = values.map(sweptTexts);
  const names = check.parameters.map(parameterName);
  const place = ([i, j]: [number, number]) => `${names[0]} ${rows[i]}, ${names[1]} ${columns[j]}`;
  return [
    `${recipe}: ${names[0]} downwards, ${names[1]} to the right, basin within ${margin} nats of the best`,
    legend(over === 'width' ? 'width' : 'size'),
    ...maps.flatMap((map) => [
      map.minimum
        ? `${over} ${map.width}: best ${lossText(map.minimum.loss)} at ${place(map.minimum.cell)}`
        : `${over} ${map.width}: no setting trained`,
      table(
        ['', ...columns],
        rows.map((value, i) => [`  ${value}`, ...columns.map((_, j) => cellText(check, map, i, j))]),
      ),
    ]),
    sentence,
  ].join('\n');
}

function cellText(
  { common }: BasinCheck<string>,
  { losses, diverged, minimum, basin }: BasinMap,
  i: number,
  j: number,
): string {
  const isHere = ([a, b]: [number, number]) => a === i && b === j;
  if (minimum && isHere(minimum.cell)) return 'M';
  if (common.some(isHere)) return '#';
  if (basin.some(isHere)) return '+';
  if (diverged[i][j]) return 'x';
  return losses[i][j] === null ? '' : '·';
}
