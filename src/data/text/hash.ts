/** What a text is known by. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** SHA-256, in hex, of the text's UTF-8 bytes without a byte order mark. */
export const hashText = (text: string): string => bytesToHex(sha256(utf8ToBytes(text.replace(/^\uFEFF/, ''))));
