import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '../../../../local/emulators/google-apis/rpc-status.ts';
import { addAll, idsOf, listed } from './list-caller.ts';
import { startCaller } from './service-caller.ts';

const of = (place: string) => `https://container.googleapis.com/v1/projects/p/${place}/operations`;

describe('the list of Kubernetes Engine', () => {
  it('the list of Kubernetes Engine has all operations at once, in a form of its own', async () => {
    await using caller = await startCaller();
    const scripts = Array.from({ length: 150 }, (_, index) => [`operation-${index}`, {}] as const);
    addAll(caller, Object.fromEntries(scripts), of('locations/us-central1'));
    const page = await listed(caller, of('locations/us-central1'));
    assert.deepEqual(Object.keys(page), ['operations']);
    assert.equal(idsOf(page['operations']).length, 150);
    assert.deepEqual((page['operations'] as unknown[])[0], {
      name: 'operation-0',
      zone: 'us-central1',
      operationType: 'UPGRADE_NODES',
      status: 'RUNNING',
      selfLink: `${of('locations/us-central1')}/operation-0`,
      targetLink: `${of('locations/us-central1').replace('/operations', '')}/clusters/cluster/nodePools/pool`,
      location: 'us-central1',
      startTime: '2026-11-20T11:34:04.000000000Z',
    });
  });

  it('the list of Kubernetes Engine without operations is an empty object', async () => {
    await using caller = await startCaller();
    assert.deepEqual(await listed(caller, of('locations/us-central1')), {});
  });

  for (const anywhere of ['locations/-', 'zones/-']) {
    it(`the list of Kubernetes Engine at ${anywhere} spans zones and regions, and names the missing ones`, async () => {
      await using caller = await startCaller();
      caller.services.add(`${of('locations/us-central1')}/regional`);
      caller.services.add(`${of('zones/us-central1-a')}/zonal`, { state: 'cancelled' });
      caller.services.addList(of(anywhere), { unreachable: ['us-east1-b'] });
      const { operations, missingZones } = await listed(caller, of(anywhere));
      assert.deepEqual(idsOf(operations), ['regional', 'zonal']);
      assert.deepEqual(missingZones, ['us-east1-b']);
      const [, zonal] = operations as JsonObject[];
      assert.deepEqual(
        [zonal?.['status'], zonal?.['location'], zonal?.['selfLink']],
        ['DONE', 'us-central1-a', `${of('zones/us-central1-a')}/zonal`],
      );
    });
  }

  for (const [added, called] of [
    ['zones', 'locations'],
    ['locations', 'zones'],
  ] as const) {
    it(`an operation of Kubernetes Engine added in ${added} can also be read and cancelled in ${called}`, async () => {
      await using caller = await startCaller();
      caller.services.add(`${of(`${added}/us-central1-a`)}/o`, { onCancel: 'never-ends' });
      const parent = of(`${called}/us-central1-a`);
      assert.deepEqual(idsOf((await listed(caller, parent))['operations']), ['o']);
      assert.equal((await caller.cancel(`${parent}/o`)).status, 200);
      assert.equal(((await caller.get(`${parent}/o`)).json as JsonObject)['status'], 'ABORTING');
    });
  }

  it("the list of Kubernetes Engine shows the script's fields over its own, and drops those that are null", async () => {
    await using caller = await startCaller();
    const selfLink = of('zones/us-central1-a').replace('projects/p', 'projects/123456789012');
    caller.services.add(`${of('zones/us-central1-a')}/o`, { metadata: { selfLink, location: null } });
    const [shown] = (await listed(caller, of('zones/us-central1-a')))['operations'] as JsonObject[];
    assert.deepEqual(
      [shown?.['selfLink'], shown?.['zone'], 'location' in (shown ?? {})],
      [selfLink, 'us-central1-a', false],
    );
  });
});
