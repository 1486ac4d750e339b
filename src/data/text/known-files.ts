/** What a file is that is no text, by how such files begin. */

/** Bytes that are looked at: the names in a ZIP archive of a word processor stand among them. */
const LOOKED_AT = 4096;

const BEGINNINGS: readonly (readonly [string, string])[] = [
  ['\x89PNG\r\n', 'a PNG picture'],
  ['\xff\xd8\xff', 'a JPEG picture'],
  ['GIF8', 'a GIF picture'],
  ['\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'a document of an old Office program'],
  ['\x1f\x8b', 'packed with gzip'],
  ['BZh', 'packed with bzip2'],
  ['\xfd7zXZ', 'packed with xz'],
  ['\x28\xb5\x2f\xfd', 'packed with Zstandard'],
  ['7z\xbc\xaf', 'a 7-Zip archive'],
  ['Rar!', 'a RAR archive'],
  ['PAR1', 'a Parquet table'],
  ['SQLite format 3\0', 'an SQLite database'],
  ['\x7fELF', 'a program'],
  ['ID3', 'an MP3 sound'],
  ['OggS', 'an Ogg sound'],
];

/** These are written in ASCII, and no less than the others for a program alone. */
const WRITTEN: readonly (readonly [string, string])[] = [
  ['%PDF-', 'a PDF'],
  ['{\\rtf', 'an RTF document'],
];

const ZIPPED: readonly (readonly [string, string])[] = [
  ['word/', 'a Word document'],
  ['xl/', 'an Excel workbook'],
  ['ppt/', 'a PowerPoint presentation'],
  ['mimetypeapplication/epub+zip', 'an EPUB book'],
  ['mimetypeapplication/vnd.oasis.opendocument', 'an OpenDocument file'],
];

/** In words, such as "a PNG picture"; null where nothing speaks against text. */
export function knownFile(bytes: Uint8Array): string | null {
  const head = bytes.subarray(0, LOOKED_AT);
  const beginning = String.fromCharCode(...head);
  const of = (known: typeof BEGINNINGS) => known.find(([begins]) => beginning.startsWith(begins))?.[1] ?? null;
  const written = of(WRITTEN);
  // A text may begin with these letters, too.
  if (written || isText(head)) return written;
  if (!beginning.startsWith('PK\x03\x04')) return of(BEGINNINGS);
  return ZIPPED.find(([inside]) => beginning.includes(inside))?.[1] ?? 'a ZIP archive';
}

function isText(head: Uint8Array): boolean {
  if (head.includes(0)) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}
