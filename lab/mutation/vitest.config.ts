/** The tests of one room, as a mutant meets them: no page, no browser, no second project. */
import { defineConfig } from 'vitest/config';
import { ROOMS } from './rooms.ts';

const room = ROOMS.find(({ name }) => name === process.env['MUTATE_ROOM']);

export default defineConfig({
  test: {
    include: [...(room?.tests ?? [])],
    environment: 'node',
    isolate: false,
    // A changed law may take long; Stryker has a limit of its own against those that never end.
    testTimeout: 600_000,
  },
});
