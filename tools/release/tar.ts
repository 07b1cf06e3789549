import { gzipSync } from 'node:zlib';
import type { ZipEntry } from './zip.ts';

const BLOCK = 512;

/**
 * Makes a tar.gz that depends on its files alone: sorted, without times and users. Paths have at most 100 bytes.
 * Source of the format: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_06 (ustar)
 */
export function tarGz(entries: readonly ZipEntry[]): Buffer {
  const sorted = entries.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const blocks = sorted.flatMap(({ path, content, executable = false }) => [
    headerOf(path, content.length, executable),
    content,
    Buffer.alloc(-content.length & (BLOCK - 1)),
  ]);
  const archive = gzipSync(Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]), { level: 9 });
  archive[OPERATING_SYSTEM.at] = OPERATING_SYSTEM.unknown;
  return archive;
}

/** The one byte of a gzip that zlib writes as the machine has it: https://www.rfc-editor.org/rfc/rfc1952#page-7 */
const OPERATING_SYSTEM = { at: 9, unknown: 255 };

function headerOf(path: string, size: number, executable: boolean): Buffer {
  if (Buffer.byteLength(path) > 100) throw new Error(`the path ${path} is longer than 100 bytes`);
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, '0')}\0`;
  header.write(path, 0);
  header.write(octal(executable ? 0o755 : 0o644, 7), 100);
  header.write(octal(0, 7), 108);
  header.write(octal(0, 7), 116);
  header.write(octal(size, 11), 124);
  header.write(octal(TIME, 11), 136);
  header.write('        ', 148);
  header.write('0', 156);
  header.write('ustar\0' + '00', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

/** 1985-10-26, as npm packs: programs that unpack a zip again refuse times before 1980. In seconds since the epoch. */
const TIME = 499_162_500;
