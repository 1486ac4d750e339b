/** The view of losses measured elsewhere: a table, what was chosen of it, the law through it, and what was sealed. */
import { createContext } from 'svelte';
import { gridOver } from '../../analysis/rung-points.ts';
import { seriesPairs } from '../../analysis/series-pairs.ts';
import { tableGhosts } from '../../analysis/table-curves.ts';
import { sizeNameOf, type TableReading, type TableSource } from '../../analysis/table-reading.ts';
import type { LossSeries } from '../../tables/ladders.ts';
import { MU_SCALING } from '../../tables/mu-scaling.ts';
import { readSheet } from '../../tables/read-sheet.ts';
import { SHARED_ROLES, type Answer, type Question, type Role } from '../../tables/roles.ts';
import type { NamedText, Sheet } from '../../tables/sheet.ts';
import { newId } from '../../model/identity.ts';
import type { Measurement } from '../../model/measurement.ts';
import { InputError } from '../../model/parse.ts';
import type { Comparison, GhostCurve, JointReport } from '../../model/scaling-results.ts';
import { budgetGrid } from '../../scaling/joint/isoflop.ts';
import type { FrontierReport, JointRequest } from '../../scaling/joint/joint.ts';
import type { LossSeal } from '../../scaling/loss-seal.ts';
import type { FitReport, PredictedLoss } from '../../scaling/width/report.ts';
import { hashCurves, isMadeFrom, revealFromTable, sealFromTable } from '../../experiment/table-seal.ts';
import { lossesFromHash, lossesHash } from '../link/losses-link.ts';
import { lawOf } from '../law/ladder-scene.ts';
import type { DrawnLaw } from '../law/laws-marks.ts';
import { recipeStyle } from '../law/recipe-style.ts';
import { lossScene, type LossScene, type LossTarget } from '../law/table-scene.ts';
import { predictionAt } from '../law/law-scene.ts';
import { goOnFrom, keepTable, keptTables, type KeptTable } from '../storage/kept-tables.ts';
import type { Findings } from './findings.svelte.ts';
import { lasting } from './lasting.svelte.ts';
import { LONGEST_TEXT, newDocument, withTarget, type LossDocument } from './loss-document.ts';
import type { Playground } from './playground.svelte.ts';

/** Series up to which the one on show is compared with the others. */
const MOST_COMPARED = 6;

/** What the page makes of its text. */
interface Read extends Pick<TableReading, 'table' | 'rows' | 'ladders'> {
  /** What is wrong or open, in one sentence. */
  problem: InputError | null;
}

/** What is asked about. */
const READING = 'reading of the table';
const NOTHING_READ: Read = { table: null, rows: 0, ladders: [], problem: null };

/** A table as it stands, and under which name it is kept. */
export interface StandingTable {
  document: LossDocument;
  id: string;
}

const listOf = (places: LossDocument['columns'][Role]): number[] =>
  places == null ? [] : Array.isArray(places) ? places : [places];

const isShared = (role: Role): boolean => (SHARED_ROLES as readonly Role[]).includes(role);

/** What was chosen, less some columns. */
function without(columns: LossDocument['columns'], gone: readonly number[]): LossDocument['columns'] {
  const left = Object.entries(columns).map(([role, at]) => {
    const places = listOf(at).filter((one) => !gone.includes(one));
    return [role, at === null ? null : Array.isArray(at) ? places : places[0]] as const;
  });
  return Object.fromEntries(
    left.filter(([, at]) => at === null || (Array.isArray(at) ? at.length > 0 : at !== undefined)),
  );
}

const isSame = <T>(one: T, other: T) => JSON.stringify(one) === JSON.stringify(other);

/** Characters of a text in which its header is looked for. */
const HEAD = 20_000;

/** The first rows of a table; null while its cells cannot be told apart. */
function headOf(text: string): Sheet | null {
  try {
    return readSheet(text.length <= HEAD ? text : text.slice(0, text.lastIndexOf('\n', HEAD) + 1 || HEAD));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return null;
  }
}

/** The lines of a table below its header, faulty ones too. */
function dataLines(text: string, sheet: Sheet | null): string[] {
  const lines = text.split(/\r\n|\n|\r/).map((line) => line.trim());
  const rows = lines.filter((line) => line !== '' && !line.startsWith('#'));
  return sheet && !sheet.isNamed ? rows : rows.slice(1);
}

/** Whether nothing is left of what a table held. A single row that changes is one that is being typed. */
function isReplaced(before: readonly string[], after: readonly string[]): boolean {
  if (before.length === 0 || (before.length === 1 && after.length === 1)) return false;
  // Who types leaves the first row or the last as it was.
  if (before[0] === after[0] || before.at(-1) === after.at(-1)) return false;
  const there = new Set(after);
  return !before.some((row) => there.has(row));
}

/** Two series against each other, each with its law. */
export interface Pair {
  finding: Comparison;
  sides: (DrawnLaw & { scene: LossScene })[];
  reports: (FitReport | null)[];
}

export class Losses {
  readonly #findings: Findings;
  document = $state.raw<LossDocument>(newDocument('', ''));
  /** Why a seal, or the link with which the view was opened, was refused; it stays until it is closed. */
  refusal = $state('');
  /** The series that the one on show is compared with, where one was chosen. */
  against = $state('');
  /** Why the table on show is not kept in this browser; nothing while it is. */
  unkept = $state('');
  #kept = $state.raw(keptTables());
  #id = $state(newId());
  /** The document as it was opened or kept last: what is only looked at is not kept. */
  #opened = '';
  /** Whether it was kept before it was read. */
  #isUntold = false;
  /** Counts the tables that were opened: what was read of one says nothing of the next. */
  #opening = $state(0);

  constructor(findings: Findings) {
    this.#findings = findings;
    this.openPreset();
  }

  readonly #name = $derived.by(() => this.document.name);
  readonly #text = $derived.by(() => this.document.text);
  readonly #columns = $derived.by(() => this.document.columns);
  readonly #base = $derived.by(() => this.document.base);
  readonly #asked = $derived.by(() => {
    const inputs: TableSource = {
      name: this.#name,
      text: this.#text,
      columns: this.#columns,
      base: this.#base,
    };
    return this.#text.trim() === '' ? null : { kind: 'reading' as const, inputs, opening: this.#opening };
  });
  readonly #read = $derived.by(() => this.#findings.on(READING, this.#asked));
  /** What was read last of this table: while it is typed, that is what was read of it before. */
  readonly #standing = $derived.by(() => {
    const { answered } = this.#read;
    return answered?.question.opening === this.#opening ? answered : null;
  });
  readonly reading = $derived.by((): Read => {
    const { problem } = this.#read;
    if (problem) return { ...NOTHING_READ, problem: new InputError('file', problem) };
    if (!this.#standing) return NOTHING_READ;
    const { problem: found, ...read } = this.#standing.finding;
    return { ...read, problem: found && new InputError(found.field, found.message) };
  });
  /** Whether the table as it stands is still being read: what is on show is then what was read before, if anything. */
  readonly isReading = $derived.by(() => {
    // Asking leaves what stands there as it is.
    void [this.#asked, this.#read];
    return !this.#findings.isSettled(READING);
  });
  /** What the table leaves open; nothing is fitted until it is answered. */
  readonly question = $derived.by((): Question | null => this.reading.table?.questions[0] ?? null);

  readonly #trainings = $derived.by((): readonly Measurement[] => this.reading.table?.measurements ?? []);
  readonly series = $derived.by((): LossSeries | null => {
    const all = this.reading.ladders.filter(({ points, targets }) => points.length + targets.length > 0);
    return all.find(({ name }) => name === this.document.series) ?? all[0] ?? null;
  });
  /** Whether the law is one of x and tokens. */
  readonly isJoint = $derived.by(() => this.reading.table?.kind === 'tokens');
  readonly scene = $derived.by(() => lossScene(this.series, this.document, this.#trainings));
  readonly request = $derived.by(() => (this.isJoint ? null : this.scene.request));
  readonly jointRequest = $derived.by((): (JointRequest & { budgets: number[] }) | null => {
    if (!this.isJoint || !this.series) return null;
    const rungs = this.scene.rungs.filter((rung) => rung.isIn);
    const points = rungs.map(({ point: { x, loss, tokens } }) => ({ n: x, d: tokens!, loss }));
    return { points, targets: this.series.jointTargets, budgets: budgetGrid(points) };
  });
  readonly law = $derived.by(() => this.#findings.exactly('law of the table', lawOf(this.request)));
  readonly joint = $derived.by(() => {
    const inputs = this.jointRequest;
    return this.#findings.exactly('joint law of the table', inputs && { kind: 'frontier' as const, inputs });
  });
  /** The law of the table as it stands, and never still of an earlier one; null while it is not known. */
  readonly report = $derived.by((): FitReport | null => this.law.answered?.finding ?? null);
  readonly frontier = $derived.by((): FrontierReport | null => this.joint.answered?.finding ?? null);
  readonly jointReport = $derived.by((): JointReport | null => this.frontier?.report ?? null);
  /** What the law of the table is fitted to. */
  readonly #fittedPoints = $derived.by(
    () => this.jointRequest?.points.map(({ n, d, loss }) => ({ x: n, tokens: d, loss })) ?? this.request?.points ?? [],
  );
  readonly isPreset = $derived.by(() => this.document.text === MU_SCALING.text);
  /** What the table is called. */
  readonly title = $derived.by(() => {
    const { name } = this.document;
    if (name === MU_SCALING.name && !this.isPreset) return `${name}, changed`;
    return name || 'Your table';
  });
  /** What the table says beside the law of its ladders: sweeps, basins, coordinate checks, collapse. */
  readonly checks = $derived.by(() => {
    const { table } = this.reading;
    const hasChecks =
      table &&
      !this.question &&
      (table.swept.length > 0 || table.kind === 'activations' || table.measurements.some(({ curve }) => curve));
    const inputs = hasChecks ? this.#standing!.question.inputs : null;
    return this.#findings.exactly('checks of the table', inputs && { kind: 'table' as const, inputs });
  });
  /** What is asked about the training curves of sizes to predict, where the table has those of others. */
  readonly #ghosts = $derived.by(() => {
    const { table } = this.reading;
    const name = this.series?.name ?? null;
    const own = table?.kind === 'curves' ? table.measurements.filter(({ series }) => series === name) : [];
    return tableGhosts(
      own,
      this.request?.points ?? [],
      this.scene.targets.map(({ x }) => x),
    );
  });
  readonly ghosts = $derived.by(() => this.#findings.exactly('curves of the table', this.#ghosts));
  /** Of the curves that they are made of; nothing where there are none. */
  readonly #curvesHash = $derived.by(() => (this.#ghosts ? hashCurves(this.#ghosts.inputs.rungs) : ''));
  /** The series on show against each other one. */
  readonly comparisons = $derived.by(() => {
    const { ladders } = this.reading;
    const name = this.series?.name;
    if (this.isJoint || name == null || ladders.length > MOST_COMPARED) return [];
    const targets = this.scene.targets.map(({ x }) => x);
    return seriesPairs(ladders, targets, this.xName).flatMap((inputs) =>
      inputs.a.name === name || inputs.b.name === name
        ? [this.#findings.exactly(`series ${inputs.a.name}, ${inputs.b.name}`, { kind: 'comparison' as const, inputs })]
        : [],
    );
  });
  /** The comparison on show: with the series that was chosen, else with the first. */
  readonly pair = $derived.by((): Pair | null => {
    const found = this.comparisons.flatMap(({ answered }) => answered ?? []);
    const chosen = found.find(({ question: { inputs } }) => [inputs.a.name, inputs.b.name].includes(this.against));
    const { finding, question } = chosen ?? found[0] ?? {};
    if (!finding || !question) return null;
    const names = [question.inputs.a.name, question.inputs.b.name];
    const series = this.reading.ladders.filter(({ name }) => names.includes(name ?? ''));
    const targets = [...this.document.targets, ...series.flatMap((one) => one.targets)];
    // As they are compared: by all of their points.
    const scenes = series.map((one) => lossScene(one, { first: null, targets, leftOut: [], sealed: [] }));
    const grid = gridOver(scenes.flatMap(({ ladder }) => ladder.map(({ x }) => x)));
    const laws = scenes.map(({ request }, i) =>
      this.#findings.exactly(`law of series ${series[i]!.name}`, lawOf(request && { ...request, grid })),
    );
    const sides = series.map(({ name }, i) => ({ name: name!, style: recipeStyle(i), scene: scenes[i]! }));
    return { finding, sides, reports: laws.map(({ answered }) => answered?.finding ?? null) };
  });
  /** What x is called. */
  readonly xName = $derived.by(() => (this.reading.table ? sizeNameOf(this.reading.table) : 'x'));

  /** Whether there is a finding to take away. */
  readonly canBeTaken = $derived.by(() => !this.isReading && (this.series !== null || this.checks.answered !== null));

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
    const before = headOf(this.document.text);
    const after = headOf(text);
    if (isReplaced(dataLines(this.document.text, before), dataLines(text, after))) {
      this.#begin('', text);
      return;
    }
    const isSameHeader = isSame(before?.header ?? [], after?.header ?? []);
    this.change({ text, ...(isSameHeader ? {} : { columns: {}, base: null }) });
  }

  open(document: LossDocument, id = newId()): void {
    this.document = document;
    this.#id = id;
    this.#opening += 1;
    this.#isUntold = false;
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
    if (latest) this.#openKept(latest);
    else this.openPreset();
  }

  #openKept(kept: KeptTable): void {
    goOnFrom(kept);
    this.open(kept.document, kept.id);
  }

  /** @throws InputError when the text is longer than a page can hold. */
  openText(name: string, text: string, columns: LossDocument['columns'] = {}): void {
    if (text.length > LONGEST_TEXT) {
      const most = LONGEST_TEXT.toLocaleString('en');
      throw new InputError('file', `${name} has more than ${most} characters; npm run fit takes files of any length.`);
    }
    this.#begin(name, text, columns);
  }

  /** Several files as one table. @throws InputError where they are none, or longer than a page can hold. */
  async openTexts(texts: readonly NamedText[]): Promise<void> {
    const [first] = texts;
    if (texts.length === 1) this.openText(first!.name ?? '', first!.text);
    else this.openText(`${texts.length} files`, await this.#findings.once({ kind: 'joined', inputs: { texts } }));
  }

  /** A table that somebody brought is kept, changed or not, and so is the one before it, however soon it goes. */
  #begin(name: string, text: string, columns: LossDocument['columns'] = {}): void {
    this.keep();
    this.open({ ...newDocument(name, text), columns });
    this.#opened = '';
  }

  /** Keeps what was changed or brought. */
  keep(): void {
    const { document } = this;
    this.unkept = '';
    const { table, rows } = this.reading;
    const about = table && !this.isReading ? { kind: table.kind, rows } : undefined;
    const written = JSON.stringify(document);
    // What it was read as may come to be known after it was kept.
    const isKept = written === this.#opened && !(this.#isUntold && about);
    if (document.text.trim() === '' || isKept) return;
    const outcome = keepTable(this.#id, document, about);
    if (outcome.refusal === undefined) {
      [this.#id, this.#opened] = [outcome.id, written];
      this.#isUntold = about === undefined;
    } else this.unkept = outcome.refusal;
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
    this.#openKept(found);
  }

  /** Takes a column for a role, and from any other role that had it. */
  chooseColumn(place: number, role: Role): void {
    this.answer({
      label: '',
      role,
      places: isShared(role) ? [...listOf(this.document.columns[role]), place] : [place],
    });
  }

  /** What a column is for is found again. */
  releaseColumn(place: number): void {
    this.change({ columns: without(this.document.columns, [place]) });
  }

  /** Answers a question that the table leaves open: those columns for that role, or none. */
  answer({ role, places }: Answer): void {
    const columns = without(this.document.columns, places ?? []);
    this.change({
      columns: { ...columns, [role]: places === null ? null : isShared(role) ? [...places] : places[0]! },
    });
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

  /** What the law of the table as it stands says of a target; null while that is not known. */
  predictionOf({ x, tokens }: LossTarget): PredictedLoss | null {
    if (tokens === null) return predictionAt(this.report, x) ?? null;
    const found = this.jointReport?.predictions.find(({ n, d }) => n === x && d === tokens);
    return found ? { x, loss: found.loss, intervals: found.intervals } : null;
  }

  /** The training curve that is predicted of a target, where the table has curves of the same end. */
  ghostOf({ x, tokens }: LossTarget): GhostCurve | null {
    const { answered } = this.ghosts;
    const at = answered?.question.inputs.targets.indexOf(x) ?? -1;
    return tokens === null && at >= 0 ? (answered!.finding[at] ?? null) : null;
  }

  /** Whether a target's prediction can be sealed: nobody knows its loss yet, and the law is of this very table. */
  canSeal(target: LossTarget): boolean {
    const isOpen = !this.isReading && !this.reading.problem && !target.sealed && target.known == null;
    // A seal holds the curve, too.
    return isOpen && !this.ghosts.isPending && this.predictionOf(target) !== null;
  }

  seal(target: LossTarget): void {
    const prediction = this.predictionOf(target);
    if (!this.canSeal(target) || !prediction) return;
    const curve = this.ghostOf(target);
    const more = {
      ...(target.tokens === null ? {} : { tokens: target.tokens }),
      ...(curve ? { curve, curvesHash: this.#curvesHash } : {}),
    };
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- read once, never changed
    const time = new Date().toISOString();
    try {
      const seal = sealFromTable(this.series!.name, this.#fittedPoints, prediction, time, more);
      this.change({ sealed: [...this.document.sealed, seal] });
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.refusal = error.message;
    }
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

  /** Whether the table would give the analyst other points or curves now than those a prediction was sealed from. */
  hasOtherInputs(seal: LossSeal): boolean {
    return !isMadeFrom(seal, this.#fittedPoints, seal.curvesHash === undefined ? undefined : this.#curvesHash);
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
