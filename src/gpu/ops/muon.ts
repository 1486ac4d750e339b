/**
 * Muon (Jordan et al. 2024, kellerjordan.github.io/posts/muon): hidden matrices move by their momentum made orthogonal, by five
 * Newton-Schulz iterations. Kernels: muon-momentum, muon-scale, muon-update, and the matrix products.
 */
import momentumSource from '../kernels/muon-momentum.wgsl?raw';
import scaleSource from '../kernels/muon-scale.wgsl?raw';
import updateSource from '../kernels/muon-update.wgsl?raw';
import { kernel, laneOf } from '../kernel.ts';
import { Struct } from '../struct.ts';
import { gridOfGroups, launch, WORKGROUP_SIZE, type Launch, type Slot } from '../tape.ts';
import type { OpContext } from './context.ts';
import { product } from '../matmul/product.ts';
import { NEVER, RULE, RUN, UPDATE, type UpdateSlots } from './update-slots.ts';

/** A hidden matrix [rows, columns] among the parameters. */
export interface Matrix {
  name: string;
  rows: number;
  columns: number;
}

/** Where a matrix begins among the parameters, whether it is turned, and which tensor it is. */
const MATRIX = new Struct('Matrix', { at: 'u32', isTurned: 'u32', tensor: 'u32' });
const SIZES = { rows: 'u32', columns: 'u32', matrices: 'u32', groups: 'u32', entriesOfGroup: 'u32' } as const;
const MOMENTUM = new Struct('Call', { ...SIZES, parameterStride: 'u32' });
const SCALE = new Struct('Call', { lanes: 'u32', matrices: 'u32', groups: 'u32', lanesOfGroup: 'u32' });
const MOVE = new Struct('Call', { ...SIZES, tensors: 'u32', parameterStride: 'u32' });

const ITERATIONS = 5;
/** Entries of a workgroup: enough for what its threads find out first, where their matrix lies, to cost little. */
const ENTRIES_OF_UPDATERS = 1024;
/** X becomes a X + (b A + c A²) X with A = X Xᵀ: singular values grow towards 1 as fast as a quintic lets them. */
const [A, B, C] = [3.4445, -4.775, 2.0315];

/** Momentum, orthogonalisation and update of all matrices; those of one shape, whichever way round, go together. */
export function muon(context: OpContext, slots: UpdateSlots, matrices: Matrix[]): Launch[] {
  const groups = new Map<string, Matrix[]>();
  for (const matrix of matrices) {
    const sides = [matrix.rows, matrix.columns].sort((one, other) => one - other);
    groups.set(sides.join(), [...(groups.get(sides.join()) ?? []), matrix]);
  }
  return [...groups.values()].flatMap((group) => groupLaunches(context, slots, group));
}

function groupLaunches(context: OpContext, slots: UpdateSlots, group: Matrix[]): Launch[] {
  const { tape, layout, gradients, parameters } = context;
  const [rows, columns] = [group[0].rows, group[0].columns].sort((one, other) => one - other);
  const size = rows * columns;
  // Every thread that scales adds up what all threads of its matrix have left: twice √size of them are not too many.
  const groups = Math.ceil((2 * Math.sqrt(size)) / WORKGROUP_SIZE);
  const workgroups = gridOfGroups(group.length * groups, tape.runs);
  const updaters = Math.ceil(size / ENTRIES_OF_UPDATERS);
  const lane = laneOf(size);
  const lanes = size / lane;
  const table = tape.shared('matrices', MATRIX.size * group.length);
  slots.constants.set(table, () => tableOf(context, group));
  const [first, second] = [0, 1].map(() => tape.borrow('orthogonalised', group.length * size));
  const squares = tape.borrow('squares of momenta', group.length * groups * WORKGROUP_SIZE);
  const common = { rows, columns, matrices: group.length, parameterStride: layout.stride };
  const constants = { NEVER };
  const { rules, updates, runStates, moments } = slots;
  const turns = newtonSchulz(context, first, second, group.length, rows, columns);
  const launches: Launch[] = [
    launch({
      kernel: kernel('muon-momentum', momentumSource, MOMENTUM, { constants, structs: [MATRIX, UPDATE, RUN] }),
      call: { ...common, groups, entriesOfGroup: Math.ceil(size / groups) },
      bindings: [gradients, table, updates, runStates, moments[0], first, squares],
      workgroups,
    }),
    launch({
      kernel: kernel('muon-scale', scaleSource, SCALE, { lane, constants, structs: [RUN] }),
      call: { lanes, matrices: group.length, groups, lanesOfGroup: Math.ceil(lanes / groups) },
      bindings: [squares, runStates, first],
      workgroups,
    }),
    ...turns,
    launch({
      kernel: kernel('muon-update', updateSource, MOVE, { constants, structs: [MATRIX, RULE, UPDATE, RUN] }),
      call: {
        ...common,
        ...{ groups: updaters, entriesOfGroup: ENTRIES_OF_UPDATERS, tensors: layout.names.length },
      },
      bindings: [ITERATIONS % 2 === 0 ? first : second, table, rules, updates, runStates, parameters],
      workgroups: gridOfGroups(group.length * updaters, tape.runs),
    }),
  ];
  for (const slot of [first, second, squares]) tape.giveBack(slot);
  return launches;
}

/** X [R, count, rows, columns] goes to and fro between two slots, rows <= columns. */
function newtonSchulz(
  context: OpContext,
  first: Slot,
  second: Slot,
  count: number,
  rows: number,
  columns: number,
): Launch[] {
  const { tape, multipliers, matmuls } = context;
  const square = (at: Slot) => ({ at, runStride: rows * rows });
  const wide = (at: Slot) => ({ at, runStride: rows * columns });
  const gram = tape.borrow('gram matrices', count * rows * rows);
  const polynomial = tape.borrow('gram polynomials', count * rows * rows);
  const common = { runs: tape.runs * count, multipliers, rows };
  const inner = { ...common, columns: rows, depth: rows };
  const launches = Array.from({ length: ITERATIONS }, (_, i) => {
    const [x, next] = i % 2 === 0 ? [first, second] : [second, first];
    return [
      {
        ...{ ...common, columns: rows, depth: columns },
        ...{ a: wide(x), b: { ...wide(x), isTurned: true }, c: square(gram) },
      },
      {
        ...{ ...inner, scale: C, a: square(gram), b: square(gram), c: square(polynomial) },
        ending: { kind: 'addend', addend: gram, scale: B } as const,
      },
      {
        ...{ ...common, columns, depth: rows, a: square(polynomial), b: wide(x), c: wide(next) },
        ending: { kind: 'addend', addend: x, scale: A } as const,
      },
    ].map((wanted) => product(wanted, matmuls));
  });
  tape.giveBack(gram);
  tape.giveBack(polynomial);
  return launches.flat();
}

function tableOf({ layout }: OpContext, group: Matrix[]): Uint32Array<ArrayBuffer> {
  return MATRIX.words(
    ...group.map(({ name, rows, columns }) => ({
      at: layout.offsets.get(name)!,
      isTurned: rows > columns ? 1 : 0,
      tensor: layout.names.indexOf(name),
    })),
  );
}
