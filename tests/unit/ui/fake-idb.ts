/** Stands for the package idb in all unit tests: one store of a browser's database, in memory, blocked unless a test opens it. */
export const storage = {
  records: new Map<string, unknown>(),
  isBlocked: true,
};

async function asked<T>(answer: () => T): Promise<T> {
  if (storage.isBlocked) throw new Error('The storage is blocked.');
  return structuredClone(answer());
}

const database = {
  get: (_: string, id: string) => asked(() => storage.records.get(id)),
  getAll: () => asked(() => [...storage.records.values()]),
  put: (_: string, record: { id: string }) => {
    const stored = structuredClone(record);
    return asked(() => void storage.records.set(record.id, stored));
  },
  transaction: () => ({
    store: { get: (id: string) => database.get('', id), put: (record: { id: string }) => database.put('', record) },
    done: Promise.resolve(),
  }),
  delete: (_: string, id: string) => asked(() => void storage.records.delete(id)),
};

/** A blocked database cannot even be opened. */
export const openDB = () => asked(() => null).then(() => database);
