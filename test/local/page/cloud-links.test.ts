import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { logsOfMessage, logsOfRequest, logsOfRun, traceUrl } from '../../../local/page/model/cloud-links.ts';

const SINCE_MS = Date.parse('2026-11-20T11:34:00Z');
const ODD = `a"b\\c'(d);e?f=g&h#i\n<j>\ud800`;

/** The query of a link, as the console reads it. */
const queryIn = (link: string) => {
  const { origin, pathname, search } = new URL(link);
  assert.equal(origin, 'https://console.cloud.google.com');
  assert.equal(search, '?project=my-project');
  const [, query = ''] = /^\/logs\/query;query=([^;]*)$/.exec(pathname) ?? [];
  return decodeURIComponent(query);
};

describe('links to Google Cloud', () => {
  it('the log of a request is that of its label, from a minute before it', () => {
    assert.equal(
      queryIn(logsOfRequest('my-project', 'nightly-42', SINCE_MS)),
      'resource.type="cloud_run_revision"\nlabels.requestId="nightly-42"\ntimestamp>="2026-11-20T11:33:00.000Z"',
    );
  });

  it('the log of a run is that of its field, and of a dead letter those of its message and its request', () => {
    assert.match(queryIn(logsOfRun('my-project', 'run-1', SINCE_MS)), /\njsonPayload\.runId="run-1"\n/);
    assert.match(
      queryIn(logsOfMessage('my-project', { messageId: '7', requestId: 'r' }, SINCE_MS)),
      /\njsonPayload\.messageId="7" OR labels\.requestId="r"\n/,
    );
    assert.match(
      queryIn(logsOfMessage('my-project', { messageId: '7', requestId: undefined }, SINCE_MS)),
      /\njsonPayload\.messageId="7"\n/,
    );
  });

  it('an odd id stays one string of the query, and one part of the address', () => {
    const link = logsOfRequest('my-project', ODD, SINCE_MS);
    assert.doesNotMatch(link.slice('https://console.cloud.google.com/logs/query;query='.length), /[;()'<>#]/);
    assert.ok(queryIn(link).includes(`labels.requestId="a\\"b\\\\c'(d);e?f=g&h#i\n<j>\ufffd"`));
  });

  it('a trace is named by its id', () => {
    assert.equal(
      traceUrl('my-project', '0af7651916cd43dd8448eb211c80319c'),
      'https://console.cloud.google.com/traces/explorer;traceId=0af7651916cd43dd8448eb211c80319c?project=my-project',
    );
  });
});
