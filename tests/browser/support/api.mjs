// The public API, as a client of a build uses it, and the results that the pages show.
import assert from 'node:assert/strict';

/** Text that must stay text wherever it is shown. */
export const HOSTILE = `"><img src=x onerror="document.title='broken'"><script>document.title='broken'</script>`;
/** A name as long as generated tests have them, without a place to break. */
export const LONG = `com.example.shop.checkout.${'VeryLongNameThatNobodyEverShortened'.repeat(9)}`;

/** Asks as a machine does; the answer, whatever it is. */
export function ask(server, path, { key, ...options } = {}) {
  const headers = { ...options.headers };
  if (key) headers.authorization = `Bearer ${key}`;
  return fetch(`${server.url}/api/v1/${path}`, { ...options, headers });
}

/** A client that has a key and accepts no failure. */
export class Client {
  constructor(server, key) {
    this.server = server;
    this.key = key;
  }

  async post(path, body = {}) {
    const headers = { 'content-type': 'application/json' };
    const options = { method: 'POST', key: this.key, headers, body: JSON.stringify(body) };
    const answer = await ask(this.server, path, options);
    const text = await answer.text();
    assert.ok(answer.ok, `POST ${path} answered ${answer.status}: ${text.slice(0, 2000)}`);
    return text && JSON.parse(text);
  }

  async get(path) {
    const answer = await ask(this.server, path, { key: this.key });
    assert.equal(answer.status, 200, path);
    return answer.json();
  }

  /** Sends a run; `threads` are lists of tests. Stays open with `open`. Returns its number. */
  async run(project, { name, source, threads, open = false, ...more }) {
    const run = (await this.post(`projects/${project}/automation/runs`, { name, source, ...more })).id;
    for (const tests of threads) {
      const elapsed = tests.reduce((sum, test) => sum + (test.elapsed ?? 0), 0);
      const thread = (await this.post(`automation/runs/${run}/threads`, { elapsed_observed: elapsed })).id;
      for (let first = 0; first < tests.length; first += 5000) {
        await this.post(`automation/runs/threads/${thread}/append`, { tests: tests.slice(first, first + 5000) });
      }
      if (!open) await this.post(`automation/runs/threads/${thread}/complete`);
    }
    if (!open) await this.post(`automation/runs/${run}/complete`);
    return run;
  }
}

/** A client that acts for a new lead. `client` has a site admin's key of scope full. */
export async function colleague(server, client) {
  const email = 'lena@example.com';
  await client.post('../attest/v1/users', { name: 'Lena Lead', email, role_id: 1 });
  return new Client(server, server.attest(['keys', 'create', '--user', email, '--name', 'release', '--scope', 'full', '--expires', '1d']));
}

/** Four KiB of what a failing test prints. */
function output(number) {
  const lines = Array.from({ length: 64 }, (_, line) => `  at checkout.spec.ts:${number}:${line} `.padEnd(63, '.'));
  return `AssertionError: expected 200, got 500\n${lines.join('\n')}`;
}

/** A test: every tenth failed with 4 KiB of output, some are skipped. */
export function sample(number) {
  const failed = number % 10 === 3;
  const fields = [
    { type: 4, name: 'Failure', value: output(number), is_highlight: true, meta: { message: 'expected 200, got 500', type: 'AssertionError' } },
    { type: 4, name: 'System output', value: `request ${number}\nresponse 500\n` },
    { type: 1, name: 'browser', value: 'chromium' },
    { type: 5, name: 'video', value: `https://ci.example.com/videos/${number}` },
  ];
  return {
    key: `key-${number}`,
    name: `pays with card number ${number}`,
    folder: `shop.checkout.Payment${number % 4}`,
    status: failed ? 'failed' : number % 25 === 1 ? 'skipped' : 'passed',
    elapsed: 1000 * (1 + (number % 400)),
    file: 'checkout.spec.ts',
    line: number + 1,
    assertions: 3,
    fields: failed ? fields : [],
  };
}

/** `count` tests. */
export function samples(count) {
  return Array.from({ length: count }, (_, number) => sample(number));
}

/** A failed test all of whose texts are attacks. */
export function hostile() {
  const fields = [1, 2, 3, 4].map((type) => ({ type, name: HOSTILE, value: HOSTILE, is_highlight: type === 4 }));
  return {
    key: HOSTILE,
    name: `fails with ${HOSTILE}`,
    folder: HOSTILE,
    file: HOSTILE,
    status: 'failed',
    elapsed: 5,
    fields: [...fields, { type: 5, name: 'link', value: "javascript:document.title='broken'" }],
    artifacts: [{ name: HOSTILE, url: "javascript:document.title='broken'", note: '<b onclick=alert(1)>note' }],
  };
}

/** Fills a project with runs of every kind; returns their numbers by what they are. */
export async function fill(client, project) {
  const nightly = (tests) => client.run(project, { name: 'Nightly', source: 'backend', tags: ['nightly', 'main'], threads: [tests] });
  for (let night = 0; night < 3; night += 1) await nightly(samples(20 + night));
  const main = await client.run(project, {
    name: 'Nightly',
    source: 'backend',
    tags: ['nightly', 'main', 'linux', 'x86-64'],
    threads: [samples(120), samples(60)],
    fields: [
      { type: 1, name: 'branch', value: 'main' },
      { type: 5, name: 'build', value: 'https://ci.example.com/builds/7' },
    ],
    links: [{ name: 'Pipeline', url: 'https://ci.example.com/pipelines/7', note: 'started by a push' }],
    artifacts: [{ name: 'report.html', url: 'https://ci.example.com/report.html', mime_type: 'text/html', size: 212_400 }],
  });
  const attack = await client.run(project, {
    name: HOSTILE,
    source: `mobile ${HOSTILE}`,
    tags: [HOSTILE],
    threads: [[hostile(), { ...sample(3), name: LONG, folder: LONG, key: LONG.slice(0, 255) }]],
    links: [{ name: HOSTILE, url: "javascript:document.title='broken'" }],
  });
  const none = await client.run(project, { name: 'Nothing found', source: 'frontend', threads: [] });
  const open = await client.run(project, { name: 'Going on', source: 'frontend', threads: [samples(30)], open: true });
  const failed = (await client.get(`automation/runs/${main}/tests?status_id=3`)).result[0].id;
  const attacks = (await client.get(`automation/runs/${attack}/tests`)).result;
  const attacked = attacks.find((test) => test.key === HOSTILE).id;
  const long = attacks.find((test) => test.key !== HOSTILE).id;
  return { main, attack, none, open, failed, attacked, long };
}
