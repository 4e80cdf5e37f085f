// Results for the pages to show, sent through the public API.
import assert from 'node:assert/strict';
import { url } from './site.mjs';

/** A client with a key. */
export function client(key) {
  const call = async (method, path, body) => {
    const response = await fetch(`${url}/api/v1/${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
    });
    const text = await response.text();
    assert.ok(response.ok, `${method} ${path} answered ${response.status}: ${text}`);
    return text && JSON.parse(text);
  };
  return { get: (path) => call('GET', path), post: (path, body = {}) => call('POST', path, body) };
}

/** Text that must stay text wherever it is shown. */
export const HOSTILE = `<img src=x onerror="document.title='broken'"><script>document.title='broken'</script>`;

/** A run of `count` tests of which every tenth failed, complete unless `open`; returns its number. */
export async function sendRun(api, project, name, count, { open = false, source = 'browser' } = {}) {
  const run = (await api.post(`projects/${project}/automation/runs`, { name, source, tags: ['nightly', 'main'] })).id;
  const thread = (await api.post(`automation/runs/${run}/threads`)).id;
  const tests = Array.from({ length: count }, (_, number) => testOf(number));
  for (let first = 0; first < count; first += 1000) {
    await api.post(`automation/runs/threads/${thread}/append`, { tests: tests.slice(first, first + 1000) });
  }
  if (open) return run;
  await api.post(`automation/runs/threads/${thread}/complete`);
  await api.post(`automation/runs/${run}/complete`);
  return run;
}

function testOf(number) {
  const failed = number % 10 === 3;
  return {
    key: `k${number}`,
    name: failed && number < 10 ? `fails with ${HOSTILE}` : `test ${number}`,
    folder: `suite.part${number % 7}`,
    status: failed ? 'failed' : 'passed',
    elapsed: 1000 * (number % 100),
    fields: failed
      ? [
          { type: 4, name: 'Failure', value: `expected 200 but was 500 ${HOSTILE}`, is_highlight: true },
          { type: 4, name: 'Output', value: `at line ${number}\n${HOSTILE}` },
        ]
      : [],
  };
}
