/**
 * The tape: a model written as its forward pass. Each op records its forward launches and leaves behind a closure that
 * records its backward ones; reading the closures in reverse order is the backward pass.
 *
 * Recording touches no device. It yields slots (buffers to be) and launches (dispatches to be), so sizes can be checked
 * against an adapter's limits before anything is allocated.
 */
import type { Kernel } from './kernel.ts';
import type { Row } from './struct.ts';
import type { Architecture } from '../model/recipe.ts';

/** A buffer to be, of 32-bit entries. */
export interface Slot {
  label: string;
  /** Number of 32-bit entries, over all runs. */
  entries: number;
}

/** A slot, bound from an entry on; `from` must be a multiple of `ALIGNMENT`. */
export interface Binding {
  slot: Slot;
  from: number;
}

/** A part of a slot that is bound alone, so that another part may be written by the same launch. */
export interface View extends Binding {
  /** Number of 32-bit entries, over all runs. */
  entries: number;
}

/** Entries at whose multiples WebGPU binds (256 bytes). */
const ALIGNMENT = 64;

export const aligned = (entries: number): number => Math.ceil(entries / ALIGNMENT) * ALIGNMENT;

export interface Launch {
  kernel: Kernel;
  /**
   * Contents of the kernel's `Call`, bound at 0. Written when the launch is made ready, not when it is recorded: of a program
   * too large for any device the numbers need not fit into words, and what is said of it is its size.
   * @throws Error where they are not what the kernel takes.
   */
  words: () => Uint32Array<ArrayBuffer>;
  /** Bound from 1 on, in order. */
  bindings: (Slot | Binding | View)[];
  workgroups: [x: number, y: number, z: number];
}

/** A launch as it is asked for: its kernel's numbers by name. */
interface Asked<Name extends string> extends Omit<Launch, 'kernel' | 'words'> {
  kernel: Kernel<Name>;
  call: Row<NoInfer<Name>>;
}

export function launch<Name extends string>({ kernel, call, bindings, workgroups }: Asked<Name>): Launch {
  return { kernel, words: () => kernel.call.words(call), bindings, workgroups };
}

/** Activations of one argument. */
export type Activation = Exclude<Architecture['activation'], 'swiglu'>;

/** A value on the tape and where its gradient is gathered. */
export interface Value {
  slot: Slot | View;
  /** Null until something of the backward pass has a place for it. */
  gradient: Slot | View | null;
  /** Where the gradient has to lie beside others; asked once, by whoever writes it first. */
  placeForGradient?: () => View;
  /** The value is f(before). What is gathered as its gradient is that of `before`: its writer multiplies by f'(before). */
  activated?: { activation: Activation; before: Slot };
}

/** Workgroups along one axis of a dispatch: guaranteed, and all that adapters offer. */
export const MOST_WORKGROUPS = 65_535;
export const WORKGROUP_SIZE = 64;

/** Workgroups for `threads` threads of one run: x first, y where x alone is not enough. Kernels flatten them again. */
export function gridOf(threads: number, z: number): [number, number, number] {
  return gridOfGroups(Math.ceil(threads / WORKGROUP_SIZE), z);
}

/** The same for a number of workgroups. */
export function gridOfGroups(count: number, z: number): [number, number, number] {
  const groups = Math.max(1, count);
  const x = Math.min(groups, MOST_WORKGROUPS);
  return [x, Math.ceil(groups / x), z];
}

export class Tape {
  readonly slots: Slot[] = [];
  readonly forward: Launch[] = [];
  readonly backward: Launch[] = [];
  private readonly pending: (() => void)[] = [];
  private readonly written = new Set<Slot | View>();
  private readonly spare: Slot[] = [];
  private target = this.forward;

  /** @param runs R: number of runs that train together; the leading axis of every slot but the shared ones. */
  constructor(readonly runs: number) {}

  /** A slot with `perRun` entries for each run. */
  slot(label: string, perRun: number): Slot {
    return this.shared(label, perRun * this.runs);
  }

  /** A slot that all runs share. */
  shared(label: string, entries: number): Slot {
    const slot = { label, entries };
    this.slots.push(slot);
    return slot;
  }

  launch<Name extends string>(asked: Asked<Name>): void {
    this.add(launch(asked));
  }

  add(launch: Launch): void {
    this.target.push(launch);
  }

  /** Leaves behind the backward pass of an op; it runs after those of all later ops. */
  onBackward(record: () => void): void {
    this.pending.push(record);
  }

  /** Reads the tape backwards. */
  recordBackward(): void {
    this.target = this.backward;
    for (const record of this.pending.reverse()) record();
    this.pending.length = 0;
  }

  /**
   * True when `gradient` holds a contribution already, so that the caller must add to it; from this call on it does.
   * The order of the backward pass is the order of these calls.
   */
  contributes(gradient: Slot | View): boolean {
    const before = this.written.has(gradient);
    this.written.add(gradient);
    return before;
  }

  /** A slot for a value that lives only within the backward pass; launches run in order, so layers can share them. */
  borrow(label: string, perRun: number): Slot {
    const entries = perRun * this.runs;
    const found = this.spare.findIndex((slot) => slot.entries === entries);
    if (found >= 0) {
      const [slot] = this.spare.splice(found, 1);
      this.written.delete(slot);
      return slot;
    }
    return this.slot(label, perRun);
  }

  /** Parts of one borrowed slot, in order; `perRun` entries for each run in every part. */
  borrowParts(label: string, perRun: number, count: number): View[] {
    const entries = perRun * this.runs;
    const stride = aligned(entries);
    const slot = this.borrow(label, Math.ceil((stride * count) / this.runs));
    return partsOf(slot, stride, entries, count);
  }

  /** Where the gradient of a value is written; borrowed when it has no place yet. */
  gradientOf(value: Value, label: string, perRun: number): Slot | View {
    value.gradient ??= value.placeForGradient?.() ?? this.borrow(label, perRun);
    return value.gradient;
  }

  /** Of a view, its whole slot is given back: by whoever made the parts, when all of them are done with. */
  giveBack(place: Slot | View): void {
    this.spare.push('slot' in place ? place.slot : place);
  }
}

/** @param stride entries from one part to the next, a multiple of `ALIGNMENT`. */
export function partsOf(slot: Slot, stride: number, entries: number, count: number): View[] {
  return Array.from({ length: count }, (_, part) => ({ slot, from: part * stride, entries }));
}
