/** What this browser keeps, as its list shows it, and the way back of what was deleted last. */
import type { Saved } from '../storage/database.ts';
import type * as records from '../storage/records.ts';
import type { SavedEntry } from '../storage/saved.ts';

export interface Storage {
  list(): Promise<SavedEntry[] | null>;
  remove: typeof records.remove;
  putBack: typeof records.putBack;
}

export class Shelf {
  /** Null until it was found; what was found last stays while storage refuses to tell. */
  entries = $state.raw<SavedEntry[] | null>(null);
  /** What was deleted last; it can be put back until something else is deleted or the page is left. */
  deleted = $state.raw<Saved | null>(null);
  /** What was refused last, in one sentence. */
  problem = $state('');
  readonly #storage: Storage;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  async look(): Promise<void> {
    const found = await this.#storage.list();
    if (found) this.entries = found;
    else this.problem = 'What is kept here could not be read; this browser’s storage refuses.';
  }

  async remove({ id, name }: SavedEntry): Promise<void> {
    this.problem = '';
    const removed = await this.#storage.remove(id);
    if (removed) {
      this.deleted = removed;
      this.entries = this.entries?.filter((one) => one.id !== id) ?? null;
    }
    await this.look();
    if (this.entries?.some((one) => one.id === id))
      this.problem = `${name} could not be deleted; this browser’s storage refuses.`;
  }

  async undo(): Promise<void> {
    const record = this.deleted;
    if (!record) return;
    this.problem = '';
    // Pressed twice, it must not come back twice.
    this.deleted = null;
    const isBack = await this.#storage.putBack(record);
    await this.look();
    if (isBack) return;
    this.deleted = record;
    this.problem = `${record.name} could not be put back; this browser’s storage is blocked or full.`;
  }
}
