const UNITS = ['KB', 'MB', 'GB', 'TB'];

/** 1 KB, 350 KB, 2.1 MB: bytes by the thousand, as browsers and disks count them. */
export function sizeWords(bytes: number): string {
  let size = bytes / 1000;
  let unit = 0;
  while (size >= 999.5 && unit < UNITS.length - 1) {
    size /= 1000;
    unit++;
  }
  const isShort = unit > 0 && size < 9.95;
  return `${isShort ? size.toFixed(1) : Math.max(1, Math.round(size))} ${UNITS[unit]}`;
}
