import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { readLocalAddress, writeLocalAddress } from '../../local/local-address.ts';

const ADDRESS = {
  pubsubHost: '127.0.0.1:8085',
  projectId: 'my-project',
  prefix: 'lro-cancel',
  pid: process.pid,
};

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'lro-cancel-address-'));
});
after(() => rmSync(folder, { recursive: true }));

describe('the address of the system of npm start', () => {
  it('the address is read while its process runs, and removed at its end', () => {
    const remove = writeLocalAddress(ADDRESS, folder);
    assert.deepEqual(readLocalAddress(folder), ADDRESS);
    remove();
    assert.equal(readLocalAddress(folder), undefined);
  });

  it('the address of a process that has ended is not read', () => {
    // Larger than any process id of Linux.
    writeLocalAddress({ ...ADDRESS, pid: 2 ** 30 }, folder);
    assert.equal(readLocalAddress(folder), undefined);
  });

  it('of two systems, the one that was started last is found, and then the other one', () => {
    const other = { ...ADDRESS, pid: process.ppid };
    const removeOther = writeLocalAddress(other, folder);
    utimesSync(join(folder, `local-${other.pid}.json`), 1, 1);
    const remove = writeLocalAddress(ADDRESS, folder);
    assert.deepEqual(readLocalAddress(folder), ADDRESS);
    remove();
    assert.deepEqual(readLocalAddress(folder), other);
    removeOther();
    assert.equal(readLocalAddress(folder), undefined);
  });

  it('the address in the environment comes before those of other systems', () => {
    const remove = writeLocalAddress(ADDRESS, folder);
    const named = { ...ADDRESS, pubsubHost: '127.0.0.1:1' };
    assert.deepEqual(readLocalAddress(folder, JSON.stringify(named)), named);
    assert.equal(readLocalAddress(folder, '{}'), undefined);
    remove();
  });

  it('a file that is no address is not read', () => {
    for (const text of ['', 'null', '{}', '{"pubsubHost":1}']) {
      writeFileSync(join(folder, `local-${process.pid}.json`), text);
      assert.equal(readLocalAddress(folder), undefined);
    }
  });
});
