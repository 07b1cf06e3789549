import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { refusalOf } from '../../../local/page/server/guard.ts';

const own = { host: '127.0.0.1:4747' };
const json = { 'content-type': 'application/json', origin: 'http://127.0.0.1:4747' };

describe("the guard of the page's server", () => {
  for (const [what, method, headers] of [
    ['a GET of the page', 'GET', own],
    ['a GET by the name localhost', 'GET', { host: 'localhost:4747' }],
    ['a GET by a link on another page', 'GET', { ...own, 'sec-fetch-site': 'cross-site' }],
    ['a POST of the page', 'POST', { ...own, ...json, 'sec-fetch-site': 'same-origin' }],
    ['a POST of a program that says where it comes from', 'POST', { ...own, ...json }],
  ] as const) {
    it(`${what} is let through`, () => assert.equal(refusalOf({ method, headers }, 4747), undefined));
  }

  for (const [what, method, headers, expected] of [
    ['a name that leads to loopback (DNS rebinding)', 'GET', { host: 'evil.example:4747' }, /answers to/],
    ['a host without a port', 'GET', { host: '127.0.0.1' }, /answers to/],
    ['no host', 'GET', {}, /answers to/],
    ['another port of this machine', 'GET', { ...own, origin: 'http://127.0.0.1:3000' }, /another origin/],
    ['a page in a sandbox', 'GET', { ...own, origin: 'null' }, /another origin/],
    ['a POST without an origin', 'POST', { ...own, 'content-type': 'application/json' }, /needs the header/],
    [
      'a POST of another origin',
      'POST',
      { ...own, ...json, origin: 'https://evil.example' },
      /another origin/,
    ],
    [
      'a POST that the browser says is of another site',
      'POST',
      { ...own, ...json, 'sec-fetch-site': 'same-site' },
      /must come from/,
    ],
    [
      'a form of another page',
      'POST',
      { ...own, ...json, 'content-type': 'text/plain' },
      /application\/json/,
    ],
    ['another method', 'DELETE', { ...own, ...json }, /GET and POST/],
  ] as const) {
    it(`${what} is refused`, () => assert.match(refusalOf({ method, headers }, 4747) ?? '', expected));
  }
});
