import { fingerprintOf } from '../messages/event-ids.ts';
import { valueFailure } from '../validation/failure.ts';

/**
 * The operations that a run has met, so that one that two pages show is one. A run travels in messages, so the set has to
 * be small: of each name it keeps a hash of 40 bits, of which two in 100,000 are the same in one run of 200. In a message,
 * the sorted hashes are written as the differences between them, in Rice's code
 * (https://en.wikipedia.org/wiki/Golomb_coding): about 25 bits for each of 100,000, which is near the least possible.
 */
export interface OperationSet {
  /** Adds a name; false where it was there before. A full set remembers no more, and every further name counts as new. */
  add(name: string): boolean;
  /** The set as text for a message. */
  encode(): string;
}

/** Largest number of operations that a run remembers. */
export const MAX_OPERATIONS = 100_000;
/** The longest text of a set, in characters. */
export const MAX_ENCODED_LENGTH = 450_000;

const HASH_BITS = 40;
const MIN_CAPACITY = 1_024;
const FREE = -1;

/**
 * @param encoded what `encode` wrote; empty for an empty set
 * @throws Failure `ValueError` for any other text
 */
export function createOperationSet(encoded = ''): OperationSet {
  const hashes = decode(encoded);
  let table = new Float64Array(capacityFor(hashes.length)).fill(FREE);
  let size = 0;

  const insert = (hash: number): boolean => {
    let slot = hash % table.length;
    while (table[slot] !== FREE) {
      if (table[slot] === hash) return false;
      slot = (slot + 1) % table.length;
    }
    table[slot] = hash;
    size += 1;
    return true;
  };
  const has = (hash: number): boolean => {
    let slot = hash % table.length;
    while (table[slot] !== FREE) {
      if (table[slot] === hash) return true;
      slot = (slot + 1) % table.length;
    }
    return false;
  };
  const grow = () => {
    const full = table.filter((hash) => hash !== FREE);
    table = new Float64Array(table.length * 2).fill(FREE);
    size = 0;
    for (const hash of full) insert(hash);
  };
  for (const hash of hashes) insert(hash);

  return {
    add: (name) => {
      const hash = Number.parseInt(fingerprintOf(name).slice(0, HASH_BITS / 4), 16);
      if (size >= MAX_OPERATIONS) return !has(hash);
      if (size * 2 >= table.length) grow();
      return insert(hash);
    },
    encode: () => encode(table.filter((hash) => hash !== FREE).sort()),
  };
}

/** The size of a table that is at most half full. */
const capacityFor = (size: number) => Math.max(MIN_CAPACITY, 2 ** Math.ceil(Math.log2(2 * size + 1)));

/** Bits of a difference that are written as they are; the rest is written as a number of ones. */
const remainderBits = (size: number) => Math.floor(Math.log2(2 ** HASH_BITS / size));

/** `{size}.{differences}`, in base64. */
function encode(sorted: Float64Array): string {
  if (sorted.length === 0) return '';
  const bits = remainderBits(sorted.length);
  const writer = createBitWriter();
  let last = 0;
  for (const hash of sorted) {
    const difference = hash - last;
    last = hash;
    for (let ones = Math.floor(difference / 2 ** bits); ones > 0; ones -= 1) writer.write(1);
    writer.write(0);
    for (let bit = bits - 1; bit >= 0; bit -= 1) writer.write(Math.floor(difference / 2 ** bit) % 2);
  }
  return `${sorted.length}.${writer.bytes().toString('base64')}`;
}

function decode(encoded: string): Float64Array {
  if (encoded === '') return new Float64Array(0);
  const [, digits = '', text = ''] = /^([1-9]\d{0,5})\.([A-Za-z0-9+/]+={0,2})$/.exec(encoded) ?? [];
  const size = Number(digits);
  if (digits === '' || size > MAX_OPERATIONS) throw unreadable();
  const bytes = Buffer.from(text, 'base64');
  const bits = remainderBits(size);
  let at = 0;
  const read = () => {
    const byte = bytes[at >> 3];
    if (byte === undefined) throw unreadable();
    const bit = (byte >> (7 - (at & 7))) & 1;
    at += 1;
    return bit;
  };
  let last = 0;
  return Float64Array.from({ length: size }, () => {
    let difference = 0;
    while (read() === 1) difference += 1;
    for (let bit = 0; bit < bits; bit += 1) difference = difference * 2 + read();
    last += difference;
    if (last >= 2 ** HASH_BITS) throw unreadable();
    return last;
  });
}

const unreadable = () => valueFailure('operations', 'is not a set of operations');

function createBitWriter() {
  let bytes = Buffer.alloc(1_024);
  let length = 0;
  return {
    write: (bit: number) => {
      if (length >> 3 === bytes.length) bytes = Buffer.concat([bytes, Buffer.alloc(bytes.length)]);
      if (bit === 1) bytes[length >> 3] = (bytes[length >> 3] ?? 0) | (128 >> (length & 7));
      length += 1;
    },
    bytes: () => bytes.subarray(0, (length + 7) >> 3),
  };
}
