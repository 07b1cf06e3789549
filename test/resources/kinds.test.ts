import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { catalog } from '../../src/catalog/catalog.ts';
import { isMatchableField, resourceKinds } from '../../src/resources/kinds.ts';

describe('the kinds of resources', () => {
  it('the kinds of resources include each one that the catalog names', () => {
    const named = Object.values(catalog.services).flatMap(({ state }) => state ?? []);
    assert.deepEqual([...new Set(named)].sort(), ['container', 'sqladmin']);
    for (const name of named) assert.ok(Object.hasOwn(resourceKinds, name), name);
  });

  for (const [field, expected] of [
    ['metadata.target', true],
    ['operationType', true],
    ['targetId', true],
    ['targetLink', true],
    ['targetProject', true],
    ['location', true],
    ['zone', true],
    ['status', false],
    ['metadata', false],
    ['xoperationType', false],
  ] as const) {
    it(`${expected ? 'a' : 'no'} kind of resource can be matched by the field ${field}`, () =>
      assert.equal(isMatchableField(field), expected));
  }
});
