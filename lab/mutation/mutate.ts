/** `npm run mutate`: plants faults one at a time, by Stryker, in the files that decide numbers and verdicts, and counts those that the tests find. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { EXIT, readOptions, runCommand } from '../../cli/command.ts';
import { ROOT } from '../../cli/root.ts';
import { InputError } from '../../src/model/parse.ts';
import { installPackages } from '../own-packages.ts';
import { ROOMS, type Room } from './rooms.ts';

const NAMES = ROOMS.map(({ name }) => name).join(', ');
const USAGE = 'npm run mutate [-- ROOM...] [--mutate GLOB,...] [--force]';
const OPTIONS = {
  mutate: { type: 'string' },
  force: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

const HERE = join(ROOT, 'lab/mutation');
const STRYKER = join(HERE, 'node_modules/@stryker-mutator/core/bin/stryker.js');

await runCommand(async (args) => {
  const { values, positionals } = readOptions(args, OPTIONS, USAGE);
  if (values.help) {
    console.log(
      `${USAGE}\n\nRooms: ${NAMES}; all of them when none is named. Reports and what is known already lie in results/mutation.\n  --mutate  only these files of the one room that is named\n  --force   asks again what is known already`,
    );
    return EXIT.ok;
  }
  const rooms = positionals.length > 0 ? positionals.map(roomNamed) : ROOMS;
  if (values.mutate !== undefined && rooms.length !== 1) {
    throw new InputError('--mutate', `--mutate needs the one room whose files it names: ${NAMES}.`);
  }
  installPackages('lab/mutation', 'Stryker');
  const failed = rooms.filter((room) => !holds(room, values.mutate ?? room.files.join(','), values.force ?? false));
  return failed.length === 0 ? EXIT.ok : EXIT.failure;
});

function roomNamed(name: string): Room {
  const room = ROOMS.find((one) => one.name === name);
  if (!room) throw new InputError('room', `"${name}" is no room; there are ${NAMES}.`);
  return room;
}

/** Whether enough of a room's mutants were caught. */
function holds({ name }: Room, mutate: string, isForced: boolean): boolean {
  console.log(`\n${name}`);
  const options = ['run', join(HERE, 'stryker.config.mjs'), '--mutate', mutate, ...(isForced ? ['--force'] : [])];
  const { status } = spawnSync(process.execPath, [STRYKER, ...options], {
    ...{ cwd: ROOT, stdio: 'inherit', env: { ...process.env, MUTATE_ROOM: name } },
  });
  return status === 0;
}
