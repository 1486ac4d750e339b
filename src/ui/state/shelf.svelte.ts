/** What this browser keeps, as its list shows it, and the way back of what was deleted last. */
import type { Kept } from '../storage/database.ts';
import type * as records from '../storage/records.ts';
import type { listAll, SavedEntry, UnreadableEntry } from '../storage/saved.ts';

interface Storage {
  listAll: typeof listAll;
  remove: typeof records.remove;
  putBack: typeof records.putBack;
}

export class Shelf {
  /** Null until it was found; what was found last stays while storage refuses to tell. */
  entries = $state.raw<(SavedEntry | UnreadableEntry)[] | null>(null);
  /** What was deleted last; it can be put back until something else is deleted or the page is left. */
  deleted = $state.raw<Kept | null>(null);
  /** What was refused last, in one sentence. */
  problem = $state('');
  readonly #storage: Storage;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  async look(): Promise<void> {
    const found = await this.#storage.listAll();
    if (found) this.entries = found;
    else this.problem = 'What is kept here could not be read; this browser’s storage refuses.';
  }

  async remove({ id, name }: Pick<SavedEntry, 'id' | 'name'>): Promise<void> {
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
    const { deleted } = this;
    if (!deleted) return;
    this.problem = '';
    // Pressed twice, it must not come back twice.
    this.deleted = null;
    const isBack = await this.#storage.putBack(deleted);
    await this.look();
    if (isBack) return;
    this.deleted = deleted;
    this.problem = `${deleted.entry.name} could not be put back; this browser’s storage is blocked or full.`;
  }
}
