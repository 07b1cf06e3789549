import { crc32, deflateRawSync } from 'node:zlib';

/** A file of an archive, with the path that it has there. */
export interface ZipEntry {
  readonly path: string;
  readonly content: Buffer;
  /** Whether it is a program. */
  readonly executable?: boolean;
}

/** MS-DOS date of 1980-01-01, the first that a zip can have. */
const DATE = 0x0021;
const UTF8_NAMES = 0x0800;
const DEFLATE = 8;
const VERSION = 20;
const MADE_ON_UNIX = 0x0300 | VERSION;

/**
 * Makes a zip that depends on its files alone: sorted, without times and users. Up to 65,535 files and 4 GB.
 * Source of the format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
export function zip(entries: readonly ZipEntry[]): Buffer {
  const sorted = entries.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { path, content, executable = false } of sorted) {
    const name = Buffer.from(path);
    const compressed = deflateRawSync(content, { level: 9 });
    const common = Buffer.alloc(26);
    common.writeUInt16LE(VERSION, 0);
    common.writeUInt16LE(UTF8_NAMES, 2);
    common.writeUInt16LE(DEFLATE, 4);
    common.writeUInt16LE(DATE, 8);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(compressed.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const file = Buffer.concat([Buffer.from('PK\x03\x04'), common, name, compressed]);

    const mode = Buffer.alloc(14);
    mode.writeUInt32LE(((executable ? 0o100755 : 0o100644) << 16) >>> 0, 6);
    mode.writeUInt32LE(offset, 10);
    const madeBy = Buffer.alloc(2);
    madeBy.writeUInt16LE(MADE_ON_UNIX);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02'), madeBy, common, mode, name]));
    files.push(file);
    offset += file.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(sorted.length, 4);
  end.writeUInt16LE(sorted.length, 6);
  end.writeUInt32LE(list.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...files, list, Buffer.from('PK\x05\x06'), end]);
}
