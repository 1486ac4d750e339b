/** Names of files that come from elsewhere: from a page that is driven, or out of a file that somebody sent. */
import { posix, win32 } from 'node:path';

/** Whether it names a file in a folder, whatever the system: no path, no drive, not the folder itself or the one above. */
export const isPlainName = (name: string): boolean =>
  name !== '' &&
  name !== '.' &&
  name !== '..' &&
  !name.includes('\0') &&
  [posix, win32].every((path) => path.basename(name) === name);
