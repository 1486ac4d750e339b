/** Stands for the package idb in all unit tests: a browser's database in memory, blocked unless a test opens it. */
import 'fake-indexeddb/auto';
import { IDBObjectStore as Store } from 'fake-indexeddb';
import * as idb from '../../../node_modules/idb/build/index.js';

export const storage = {
  isBlocked: true,
  /** Whether there is room for nothing more, or for nothing more in the store of that name. */
  isFull: false as boolean | string,
  /** All databases are gone; whoever has one open is told so. */
  async clear(): Promise<void> {
    for (const { name } of await indexedDB.databases()) await idb.deleteDB(name!);
  },
  /** What stands in a store of the kept experiments, by key. */
  async contents(store: string): Promise<Map<string, unknown>> {
    // Opened before the page made it, it would be one without anything in it.
    if (!(await indexedDB.databases()).some(({ name }) => name === 'mup-playground')) return new Map();
    const db = await idb.openDB('mup-playground');
    const turn = db.transaction(store);
    const [keys, values] = await Promise.all([turn.store.getAllKeys(), turn.store.getAll()]);
    db.close();
    return new Map(keys.map((key, i) => [String(key), values[i] as unknown]));
  },
};

function assertOpen(): void {
  if (storage.isBlocked) throw new Error('The storage is blocked.');
}

const { put } = Store.prototype;
Store.prototype.put = function (this: IDBObjectStore, ...what: Parameters<typeof put>) {
  if (storage.isFull === true || storage.isFull === this.name)
    throw new DOMException('There is no room.', 'QuotaExceededError');
  return put.apply(this, what);
};

/** A blocked database cannot even be opened, and one that was open before answers nothing. */
export async function openDB(...how: Parameters<typeof idb.openDB>): Promise<object> {
  assertOpen();
  const db = await idb.openDB(...how);
  return new Proxy(db, {
    get(_, name) {
      const value: unknown = Reflect.get(db, name, db);
      return typeof value !== 'function'
        ? value
        : (...args: unknown[]): unknown => (assertOpen(), value.apply(db, args));
    },
  });
}
