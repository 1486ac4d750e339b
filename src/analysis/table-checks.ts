/** What is asked about a table of measurements, beside the law of its ladders: sweeps, basins, coordinate checks, collapse, two series. */
import { basinOf } from '../checks/basin.ts';
import { collapseOf } from '../checks/collapse.ts';
import { ALONE } from '../checks/wording.ts';
import { coordinatesOf } from '../checks/measured-coordinates.ts';
import { transferOf } from '../checks/transfer.ts';
import type { TableBasin, TableCollapse, TableCoordinates, TableTransfer } from '../model/check-results.ts';
import type { ActivationMeasurement, Measurement } from '../model/measurement.ts';
import { collapseTrainings } from './table-curves.ts';

/** Nats above the best of its size up to which a setting lies in the basin. */
const BASIN_MARGIN = 0.05;

export interface TableChecks {
  transfer: TableTransfer[];
  basin: TableBasin[];
  coordinates: TableCoordinates[];
  collapse: TableCollapse[];
}

interface TableCheckInputs {
  measurements: readonly Measurement[];
  activations: readonly ActivationMeasurement[];
  /** What was swept, the finest grid first. */
  swept: readonly string[];
  /** What the sizes are called. */
  over: string;
  /** Doublings of the width that a doubling of the size is. */
  widthDoublings: number;
}

/** One entry a series, of what the table tells. */
export function tableChecks({ measurements, activations, swept, over, widthDoublings }: TableCheckInputs): TableChecks {
  const bySeries = <T extends { series: string | null }>(all: readonly T[]) =>
    [...new Set(all.map(({ series }) => series))].map((series) => ({
      name: series ?? ALONE,
      own: all.filter((one) => one.series === series),
    }));
  const [first, second] = swept;
  const tokensOf = (own: readonly Measurement[]) => new Set(own.map(({ tokens }) => tokens)).size;
  return {
    transfer:
      first !== undefined && second === undefined
        ? bySeries(measurements).flatMap(({ name, own }) =>
            tokensOf(own) > 1 ? [] : [transferIn(name, first, over, own, widthDoublings)],
          )
        : [],
    basin:
      first !== undefined && second !== undefined && swept.length === 2
        ? bySeries(measurements).flatMap(({ name, own }) =>
            tokensOf(own) > 1 ? [] : [basinIn(name, [first, second], own, over)],
          )
        : [],
    coordinates: bySeries(activations).map(({ name, own }) => coordinatesOf(name, own)),
    collapse: bySeries(measurements).flatMap(({ name, own }) => collapseOf(name, collapseTrainings(own)) ?? []),
  };
}

const ascending = (values: Iterable<number>): number[] => [...new Set(values)].sort((a, b) => a - b);
const valuesOf = (own: readonly Measurement[], parameter: string) =>
  ascending(own.flatMap(({ hyperparameters }) => hyperparameters[parameter] ?? []));

function transferIn(
  name: string,
  parameter: string,
  over: string,
  own: readonly Measurement[],
  widthDoublings: number,
): TableTransfer {
  const sizes = ascending(own.map(({ size }) => size));
  const sweep = { parameter, values: valuesOf(own, parameter) };
  const { recipe, curves, shift, verdict, sentence } = transferOf(name, sweep, over, sizes, own, widthDoublings);
  return { recipe, parameter, over, curves, shift, verdict, sentence };
}

function basinIn(
  name: string,
  [first, second]: readonly [string, string],
  own: readonly Measurement[],
  over: string,
): TableBasin {
  const axis = (parameter: string) => ({ parameter, values: valuesOf(own, parameter) });
  const sizes = ascending(own.map(({ size }) => size));
  return basinOf(name, [axis(first), axis(second)], BASIN_MARGIN, sizes, own, over);
}
