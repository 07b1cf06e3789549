import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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

  it('a system does not remove the address of one that was started after it', () => {
    const removeFirst = writeLocalAddress({ ...ADDRESS, pid: 2 ** 30 }, folder);
    writeLocalAddress(ADDRESS, folder);
    removeFirst();
    assert.deepEqual(readLocalAddress(folder), ADDRESS);
  });

  it('a file that is no address is not read', () => {
    for (const text of ['', 'null', '{}', '{"pubsubHost":1}']) {
      writeFileSync(join(folder, 'local.json'), text);
      assert.equal(readLocalAddress(folder), undefined);
    }
  });
});
