/** Modules of the coordinate check as the page lists them: each with its parts, in every recipe. */
import type { CoordinateCheck, ModuleCheck } from '../../model/check-results.ts';

/** A module as it is drawn: of its tensors nothing is asked. */
export type DrawnModule = Omit<ModuleCheck, 'role'>;

/** A coordinate check as it is drawn, of a recipe or of a table's series. */
export type DrawnCheck = Pick<CoordinateCheck, 'recipe' | 'widths' | 'steps' | 'tolerance'> & {
  modules: DrawnModule[];
  culprit: { module: string; step: number } | null;
};

interface Side {
  recipe: string;
  module: DrawnModule | null;
}

export interface ModuleRow {
  name: string;
  title: string;
  level: ModuleCheck['level'];
  /** The same module in each recipe. */
  sides: Side[];
  /** Products inside the module, such as its queries. */
  parts: ModuleRow[];
}

const PARTS: Record<string, string> = {
  query: 'queries',
  key: 'keys',
  value: 'values',
  gate: 'MLP gate',
  up: 'MLP up',
};

/** attention, layer 0; queries, layer 0; final norm */
export function moduleTitle(name: string): string {
  const [, layer, block, part] = /^layers\.(\d+)\.(attn|mlp)(?:\.(\w+))?$/.exec(name) ?? [];
  if (layer === undefined) return name.replace('.', ' ');
  const what = part ? (PARTS[part] ?? part) : block === 'attn' ? 'attention' : 'MLP';
  return `${what}, layer ${layer}`;
}

/** Rows in the order of the forward pass. */
export function moduleRows(checks: readonly DrawnCheck[]): ModuleRow[] {
  const names = [...new Set(checks.flatMap(({ modules }) => modules.map(({ name }) => name)))];
  const rowOf = (name: string, parts: ModuleRow[]): ModuleRow => {
    const sides = checks.map(({ recipe, modules }) => ({
      recipe,
      module: modules.find((module) => module.name === name) ?? null,
    }));
    const level = sides.find(({ module }) => module)!.module!.level;
    return { name, title: moduleTitle(name), level, sides, parts };
  };
  const rows = names.map((name) => rowOf(name, []));
  const isPartOf = (part: ModuleRow, whole: ModuleRow) => part.name.startsWith(`${whole.name}.`);
  return rows
    .filter(({ level }) => level === 'module')
    .map((row) => ({ ...row, parts: rows.filter((one) => one.level === 'part' && isPartOf(one, row)) }));
}

/** The rows with their parts among them, before the module that they lead to. */
export const withParts = (rows: readonly ModuleRow[]): ModuleRow[] => rows.flatMap((row) => [...row.parts, row]);

/** What the headline blames comes first, also a part where only modules are shown. */
export function culpritsFirst(
  checks: readonly DrawnCheck[],
  modules: readonly ModuleRow[],
  rows: readonly ModuleRow[],
): ModuleRow[] {
  const blamed = checks.flatMap(({ culprit }) => (culprit ? [culprit.module] : []));
  const culprits = withParts(modules).filter(({ name }) => blamed.includes(name));
  return [...culprits, ...rows.filter(({ name }) => !blamed.includes(name))];
}
