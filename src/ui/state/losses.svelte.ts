/** The view of losses measured elsewhere: a table, what was chosen of it, the law through it, and what was sealed. */
import { createContext } from 'svelte';
import { lengthColumn, type Column, type Columns, type Role } from '../../tables/loss-columns.ts';
import {
  columnsIn,
  lossesIn,
  readCells,
  type Cells,
  type LossSeries,
  type LossTable,
} from '../../tables/loss-table.ts';
import { MU_SCALING } from '../../tables/mu-scaling.ts';
import { newId } from '../../model/identity.ts';
import { InputError } from '../../model/parse.ts';
import type { JointReport } from '../../model/scaling-results.ts';
import type { JointRequest } from '../../scaling/joint/joint.ts';
import type { LossSeal } from '../../scaling/loss-seal.ts';
import type { FitReport } from '../../scaling/width/report.ts';
import { isMadeFrom, revealFromTable, sealFromTable } from '../../experiment/table-seal.ts';
import { lossesFromHash, lossesHash } from '../link/losses-link.ts';
import { lawOf } from '../law/ladder-scene.ts';
import { lossScene, type LossTarget } from '../law/table-scene.ts';
import { predictionAt } from '../law/law-scene.ts';
import { keepTable, keptTables, type KeptTable } from '../storage/kept-tables.ts';
import type { Findings } from './findings.svelte.ts';
import { lasting } from './lasting.svelte.ts';
import { LONGEST_TEXT, newDocument, usableColumns, withTarget, type LossDocument } from './loss-document.ts';
import type { Playground } from './playground.svelte.ts';

/** Rows that a chart can hold and a page can fit while somebody types. */
const MOST_ROWS = 1000;

interface Reading {
  /** Null where not even the cells can be told apart, and while there is no table. */
  cells: Cells | null;
  /** Null where none can be found; a faulty row leaves them as they are. */
  columns: Columns | null;
  table: LossTable | null;
  problem: InputError | null;
}

/** A table as it stands, and under which name it is kept. */
export interface StandingTable {
  document: LossDocument;
  id: string;
}

const isSame = <T>(one: T, other: T) => JSON.stringify(one) === JSON.stringify(other);

/** Null while the cells of a table cannot be told apart. */
function cellsOf(text: string): Cells | null {
  try {
    return readCells(text);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return null;
  }
}

/** The lines of a table below its header, faulty ones too. */
function dataLines(text: string, cells: Cells | null): string[] {
  const lines = text.split(/\r\n|\n|\r/).map((line) => line.trim());
  const rows = lines.filter((line) => line !== '' && !line.startsWith('#'));
  return cells && !cells.isNamed ? rows : rows.slice(1);
}

/** Whether nothing is left of what a table held. A single row that changes is one that is being typed. */
function isReplaced(before: readonly string[], after: readonly string[]): boolean {
  if (before.length === 0 || (before.length === 1 && after.length === 1)) return false;
  return !before.some((row) => after.includes(row));
}

export class Losses {
  readonly #findings: Findings;
  document = $state.raw<LossDocument>(newDocument('', ''));
  /** Why the link with which the view was opened was refused; it stays until it is closed. */
  refusal = $state('');
  /** Why the table on show is not kept in this browser; nothing while it is. */
  unkept = $state('');
  #kept = $state.raw(keptTables());
  #id = $state(newId());
  /** The document as it was opened: what is only looked at is not kept. */
  #opened = '';

  constructor(findings: Findings) {
    this.#findings = findings;
    this.openPreset();
  }

  readonly reading = $derived.by((): Reading => {
    const { text, columns } = this.document;
    if (text.trim() === '') return { cells: null, columns: null, table: null, problem: null };
    let cells: Cells | null = null;
    let found: Columns | null = null;
    try {
      cells = readCells(text);
      const { length } = cells.rows;
      if (length > MOST_ROWS) {
        throw new InputError(
          'file',
          `The table has ${length} rows, more than the ${MOST_ROWS} that fit on a page; npm run fit takes any number.`,
        );
      }
      const request = usableColumns(columns, cells.header.length);
      found = columnsIn(cells, request);
      return { cells, columns: found, table: lossesIn(cells, request), problem: null };
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return { cells, columns: found, table: null, problem: error };
    }
  });

  readonly series = $derived.by((): LossSeries | null => {
    const all = this.reading.table?.series ?? [];
    return all.find(({ name }) => name === this.document.series) ?? all[0] ?? null;
  });
  /** Whether the law is one of x and tokens. */
  readonly isJoint = $derived.by(() => this.reading.table?.columns.tokens != null);
  readonly scene = $derived.by(() => lossScene(this.series, this.document));
  readonly request = $derived.by(() => (this.isJoint ? null : this.scene.request));
  readonly jointRequest = $derived.by((): JointRequest | null => {
    if (!this.isJoint || !this.series) return null;
    const rungs = this.scene.rungs.filter((rung) => rung.isIn);
    return {
      points: rungs.map(({ point: { x, loss, tokens } }) => ({ n: x, d: tokens!, loss })),
      targets: this.series.jointTargets,
    };
  });
  readonly law = $derived.by(() => this.#findings.exactly('law of the table', lawOf(this.request)));
  readonly joint = $derived.by(() => {
    const inputs = this.jointRequest;
    return this.#findings.exactly('joint law of the table', inputs && { kind: 'joint' as const, inputs });
  });
  /** The law of the table as it stands, and never still of an earlier one; null while it is not known. */
  readonly report = $derived.by((): FitReport | null => this.law.answered?.finding ?? null);
  readonly jointReport = $derived.by((): JointReport | null => this.joint.answered?.finding ?? null);
  readonly isPreset = $derived.by(() => this.document.text === MU_SCALING.text);
  /** What the table is called. */
  readonly title = $derived.by(() => {
    const { name } = this.document;
    if (name === MU_SCALING.name && !this.isPreset) return `${name}, changed`;
    return name || 'Your table';
  });
  /** The column that has to become that of tokens, where rows were trained for different lengths; null otherwise. */
  readonly lengths = $derived.by((): Column | null => {
    const { cells, columns, problem } = this.reading;
    return cells && columns && problem?.field === 'tokens' ? lengthColumn(cells.header, columns) : null;
  });

  /** The part of an address behind `#`; null where the table is too long for a link. */
  readonly hash = $derived.by(() => lossesHash(this.document));

  change(changed: Partial<LossDocument>): void {
    this.document = { ...this.document, ...changed };
  }

  /**
   * The table as it is typed: columns that were chosen stay chosen as long as the header stays. Where no row stays, it is
   * another table: it begins without the seals and choices of the earlier one, which is kept under its own id.
   */
  editText(text: string): void {
    const before = cellsOf(this.document.text);
    const after = cellsOf(text);
    if (isReplaced(dataLines(this.document.text, before), dataLines(text, after))) {
      this.keep();
      this.#begin('', text);
      return;
    }
    const isSameHeader = isSame(before?.header ?? [], after?.header ?? []);
    this.change({ text, ...(isSameHeader ? {} : { columns: {} }) });
  }

  open(document: LossDocument, id = newId()): void {
    this.document = document;
    this.#id = id;
    this.#opened = JSON.stringify(document);
    this.refusal = '';
  }

  get standing(): StandingTable {
    return { document: this.document, id: this.#id };
  }

  /**
   * Opens the table that an address holds; returns whether it is another than before, which is kept.
   * @throws InputError in one sentence where the address holds none that can be used.
   */
  follow(hash: string): boolean {
    const linked = lossesFromHash(hash);
    if (!linked || isSame(linked, this.document)) return false;
    this.keep();
    this.open(linked);
    return true;
  }

  openPreset(x: keyof typeof MU_SCALING.columns = 'parameters'): void {
    const { name, text, first, columns } = MU_SCALING;
    this.open({ ...newDocument(name, text), columns: { x: columns[x] }, first });
  }

  /** The table that was worked on last, or else the published one. */
  openLatest(): void {
    const [latest] = keptTables();
    if (latest) this.open(latest.document, latest.id);
    else this.openPreset();
  }

  /** @throws InputError when the text is longer than a page can hold. */
  openText(name: string, text: string): void {
    if (text.length > LONGEST_TEXT) {
      const most = LONGEST_TEXT.toLocaleString('en');
      throw new InputError('file', `${name} has more than ${most} characters; npm run fit takes files of any length.`);
    }
    this.#begin(name, text);
  }

  /** A table that somebody brought is kept, changed or not. */
  #begin(name: string, text: string): void {
    this.open(newDocument(name, text));
    this.#opened = '';
  }

  /** Keeps what was changed or brought. */
  keep(): void {
    const { document } = this;
    this.unkept = '';
    if (document.text.trim() === '' || JSON.stringify(document) === this.#opened) return;
    this.unkept = keepTable(this.#id, document);
    this.#kept = keptTables();
  }

  /** Tables of earlier, with their seals, the newest first. */
  get earlier(): KeptTable[] {
    return this.#kept.filter(({ id }) => id !== this.#id);
  }

  /** Goes back to a table of earlier; the present one is kept. */
  openEarlier(id: string): void {
    const found = this.earlier.find((one) => one.id === id);
    if (!found) return;
    this.keep();
    this.open(found.document, id);
  }

  /** Takes a column for a role, and from any other role that had it. */
  chooseColumn(role: Role, place: number | null | undefined): void {
    const entries = Object.entries(this.document.columns).filter(([other, at]) => other !== role && at !== place);
    this.change({ columns: { ...Object.fromEntries(entries), ...(place === undefined ? {} : { [role]: place }) } });
  }

  togglePoint(id: string): void {
    const rung = this.scene.rungs.find((one) => one.id === id);
    if (!rung) return;
    const entry = { series: this.series?.name ?? null, x: rung.x, loss: rung.loss };
    const { leftOut } = this.document;
    const without = leftOut.filter((one) => !isSame(one, entry));
    this.change({ leftOut: without.length < leftOut.length ? without : [...leftOut, entry] });
  }

  /** @throws InputError where x is no number above 0. */
  addTarget(x: number): void {
    this.change({ targets: withTarget(this.document.targets, x) });
  }

  removeTarget(x: number): void {
    this.change({ targets: this.document.targets.filter((one) => one !== x) });
  }

  /** Whether a target's prediction can be sealed: nobody knows its loss yet, and the law is of this very table. */
  canSeal({ sealed, known, x }: LossTarget): boolean {
    return !sealed && known == null && predictionAt(this.report, x) !== undefined;
  }

  seal(target: LossTarget): void {
    const prediction = predictionAt(this.report, target.x);
    if (!this.canSeal(target) || !prediction) return;
    const { points } = this.request!;
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- read once, never changed
    const seal = sealFromTable(this.series!.name, points, prediction, new Date().toISOString());
    this.change({ sealed: [...this.document.sealed, seal] });
  }

  /** Sets the measured loss beside a sealed prediction; null takes it away again. */
  reveal(seal: LossSeal, actual: number | null): void {
    this.change({
      sealed: this.document.sealed.map((one) => (one === seal ? revealFromTable(seal, actual) : one)),
    });
  }

  discardSeal(seal: LossSeal): void {
    this.change({ sealed: this.document.sealed.filter((one) => one !== seal) });
  }

  /** Whether the table would give the analyst other points now than those a prediction was sealed from. */
  hasOtherInputs(seal: LossSeal): boolean {
    return !isMadeFrom(seal, this.request?.points ?? []);
  }
}

/** What the view works on. When it is first opened that is the table of the address, or else the one worked on last. */
export function lossesOf(playground: Pick<Playground, 'findings' | 'losses'>, hash: string): Losses {
  if (playground.losses) return playground.losses;
  const losses = lasting(() => new Losses(playground.findings));
  if (!hash.includes('&losses=')) losses.openLatest();
  else {
    try {
      losses.follow(hash);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      losses.refusal = `${error.message} The table shown stays as it was.`;
    }
  }
  return (playground.losses = losses);
}

export const [getLosses, setLosses] = createContext<Losses>();
