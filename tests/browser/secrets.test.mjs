// Passwords, keys and cookies leave no trace: not in a log, not in a file of the server, not on an error page.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client, ask, samples } from './support/api.mjs';
import { Visitor, launch } from './support/browser.mjs';
import { Server, person } from './support/server.mjs';

/** A wrong password: it is as secret as a right one, since people mistype. */
const WRONG = 'canary-Wrong&pass%word 81';
const CHANGED = 'canary-Changed/ünique 2 lamps';

let browser, server;
/** What must be nowhere, by what it is. */
const secrets = new Map([
  ['the password', person.password],
  ['a wrong password', WRONG],
  ['the new password', CHANGED],
]);
/** Answers that went wrong, in which no secret may be, by their requests. */
const answers = new Map();

before(async () => {
  browser = await launch();
  server = await Server.start({ args: ['--log-format', 'json', '--log-level', 'trace'] });
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** The ways in which a text may be written: as it is, in an address or a form, in JSON, in Base64. */
function spellings(secret) {
  const form = new URLSearchParams({ '': secret }).toString().slice(1);
  return new Set([
    secret,
    encodeURIComponent(secret),
    form,
    JSON.stringify(secret).slice(1, -1),
    secret.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`),
    secret.replaceAll('&', '&amp;'),
    Buffer.from(secret).toString('base64').replace(/=+$/, ''),
    Buffer.from(secret).toString('hex'),
  ]);
}

/** Names of the secrets that are in some bytes. */
function found(bytes) {
  const text = Buffer.from(bytes);
  return [...secrets].filter(([, secret]) => [...spellings(secret)].some((way) => text.includes(way))).map(([name]) => name);
}

async function noteCookies(visitor, whose) {
  for (const { name, value } of await visitor.context.cookies()) {
    if (name !== 'att_theme') secrets.set(`the cookie ${name} of ${whose}`, value);
  }
}

test('a person signs in, changes the password, and makes, rotates, uses and revokes keys', async () => {
  const visitor = await Visitor.enter(browser, server);
  const { page } = visitor;
  secrets.set('the set-up token', server.setUpLink.split('/').at(-1));
  await visitor.setUp();
  await noteCookies(visitor, 'the first session');
  const project = await visitor.project('Canaries');
  const key = await visitor.key('Canary');
  secrets.set('a key', key);
  secrets.set('the random part of a key', key.slice(8, 40));
  const client = new Client(server, key);
  await client.run(project, { name: 'Run', source: 'canary', threads: [samples(30)] });
  await page.goto('/users/profile/api');
  await page.getByRole('link', { name: 'Rotate Canary' }).click();
  await page.getByRole('radio', { name: '1 day' }).check();
  await page.getByRole('button', { name: 'Rotate key' }).click();
  secrets.set('the key that replaced it', await visitor.shownKey());
  await client.get('user');

  await page.goto('/users/profile/security');
  await page.getByLabel('Password now', { exact: true }).fill(WRONG);
  await page.getByLabel('New password', { exact: true }).fill(CHANGED);
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByRole('alert').waitFor();
  answers.set('a wrong old password', await page.content());
  await page.getByLabel('Password now', { exact: true }).fill(person.password);
  await page.getByLabel('New password', { exact: true }).fill(CHANGED);
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByText('The password is changed').waitFor();
  await noteCookies(visitor, 'the session after the change');
  await visitor.expect(422).leave();

  const other = await Visitor.enter(browser, server);
  await other.signIn(WRONG);
  await other.page.getByRole('alert').waitFor();
  answers.set('a wrong sign-in', await other.page.content());
  await other.signIn(CHANGED);
  await other.heading('Projects');
  await noteCookies(other, 'the second session');
  await other.expect(422).leave();
  const live = secrets.get('the cookie att_sid of the second session');
  assert.ok(live?.length > 20);
});

/** Sends bytes as they are; all that comes back. */
function raw(bytes) {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.end(bytes));
    let text = '';
    socket.on('data', (data) => (text += data));
    socket.on('error', reject);
    socket.on('close', () => resolve(text));
  });
}

test('requests that carry a secret in the wrong place do not get it back', async () => {
  const key = secrets.get('the key that replaced it');
  const cookie = `att_sid=${secrets.get('the cookie att_sid of the second session')}`;
  const damaged = `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`;
  secrets.set('a damaged key', damaged);
  const json = { 'content-type': 'application/json' };
  const form = { 'content-type': 'application/x-www-form-urlencoded', origin: server.url, cookie };
  const body = JSON.stringify({ name: { [key]: CHANGED }, source: [key], tests: [{ status: key, name: 7 }] });
  const requests = [
    [400, `/api/v1/user?api_key=${key}`, {}],
    [400, `/api/v1/user?access_token=${key}`, { headers: { authorization: `Bearer ${key}` } }],
    [401, `/api/v1/user?token=${key}`, {}],
    [401, '/api/v1/user', { headers: { authorization: `Bearer ${damaged}` } }],
    [401, '/api/v1/user', { headers: { authorization: `Basic ${Buffer.from(`x:${key}`).toString('base64')}` } }],
    [401, '/api/v1/user', { headers: { authorization: key } }],
    [404, `/api/v1/projects/${key}`, { headers: { authorization: `Bearer ${key}` } }],
    [404, `/api/v1/nothing/${key}`, { headers: { authorization: `Bearer ${key}` } }],
    [405, `/api/v1/user?${key}`, { method: 'PATCH', headers: { authorization: `Bearer ${key}` } }],
    [422, '/api/v1/projects/1/automation/runs', { method: 'POST', headers: { ...json, authorization: `Bearer ${key}` }, body }],
    [422, '/api/v1/projects/1/automation/runs', { method: 'POST', headers: { ...json, authorization: `Bearer ${key}` }, body: `{"name": ${key}` }],
    [404, `/no/such/page/${key}`, { headers: { cookie } }],
    [404, `/no/such/page?key=${key}&password=${encodeURIComponent(CHANGED)}`, {}],
    [404, `/automation/runs/view/${key}`, { headers: { cookie } }],
    [404, `/setup/${key}`, {}],
    [403, '/projects/new', { method: 'POST', headers: { ...form, origin: 'https://evil.example' }, body: `name=${key}` }],
    [405, `/projects/view/1?${key}`, { method: 'DELETE', headers: form }],
    [413, '/login', { method: 'POST', headers: form, body: `password=${key}&email=${'x'.repeat(9 << 20)}` }],
    [422, '/users/profile/api', { method: 'POST', headers: form, body: `name=&scope=${key}&expires=${key}` }],
    [422, '/login', { method: 'POST', headers: form, body: `email=a&password=${key}` }],
    [400, '/login', { method: 'POST', headers: { ...form, 'content-type': `text/${key}` }, body: key }],
  ];
  for (const [status, path, options] of requests) {
    const name = `${options.method ?? 'GET'} ${path.slice(0, 40)}`;
    const answer = await fetch(`${server.url}${path}`, { redirect: 'manual', ...options });
    const headers = [...answer.headers].map((pair) => pair.join(': ')).join('\n');
    answers.set(`${name} (${answer.status})`, `${headers}\n\n${await answer.text()}`);
    assert.equal(answer.status, status, name);
  }
  const host = `Host: ${new URL(server.url).host}`;
  const malformed = [
    `GET /api/v1/user?${key} HTTP/9.9\r\n${host}\r\n\r\n`,
    `${key} /api/v1/user HTTP/1.1\r\n${host}\r\nConnection: close\r\n\r\n`,
    `GET /api/v1/user HTTP/1.1\r\n${host}\r\nAuthorization: Bearer ${key}\r\nAuthorization: Bearer ${key}\r\nConnection: close\r\n\r\n`,
    `GET /api/v1/user HTTP/1.1\r\n${host}\r\nAuthorization: Bearer ${key}\x01\r\nConnection: close\r\n\r\n`,
    `GET /${'x'.repeat(9000)}${key} HTTP/1.1\r\n${host}\r\nConnection: close\r\n\r\n`,
    `GET /projects HTTP/1.1\r\n${host}\r\n${host}\r\nCookie: ${cookie}\r\nConnection: close\r\n\r\n`,
    `POST /login HTTP/1.1\r\n${host}\r\n${cookie}\r\nContent-Length: x${key}\r\n\r\n${key}`,
  ];
  for (const [at, request] of malformed.entries()) answers.set(`malformed request ${at}`, await raw(request));
  for (const [name, answer] of answers) assert.deepEqual(found(answer), [], `the answer to ${name}`);
});

test('no page shows a key or a password again', async () => {
  const visitor = await Visitor.enter(browser, server);
  await visitor.signIn(CHANGED);
  await visitor.heading('Projects');
  await noteCookies(visitor, 'the third session');
  for (const path of ['/projects', '/projects/view/1', '/users/profile', '/users/profile/security', '/users/profile/api']) {
    await visitor.page.goto(path);
    assert.deepEqual(found(await visitor.page.content()), [], path);
  }
  await visitor.page.goto('/users/profile/api');
  for (let left = await visitor.page.getByRole('link', { name: 'Revoke Canary' }).count(); left > 0; left -= 1) {
    await visitor.page.getByRole('link', { name: 'Revoke Canary' }).first().click();
    await visitor.page.getByLabel('Reason').fill('the test is over');
    await visitor.page.getByRole('button', { name: 'Revoke key' }).click();
    await visitor.page.getByText(/^“Canary.*” is revoked\.$/).waitFor();
  }
  assert.equal((await ask(server, 'user', { key: secrets.get('a key') })).status, 401);
  await visitor.leave();
});

/** All files below a folder. */
function files(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

test('nothing is left in logs and files', async () => {
  // The set-up link is printed for the person who starts the server, and once only.
  const printed = server.stdout.replace(server.setUpLink, '');
  assert.deepEqual(found(printed), [], 'stdout');
  // While it runs the newest rows are in the write-ahead log, afterwards in the database.
  const look = () => {
    const all = files(server.dataDir);
    assert.ok(all.some((file) => /\.(db|sqlite)/.test(file)), all.join(' '));
    for (const file of all) assert.deepEqual(found(readFileSync(file)), [], file);
  };
  look();
  await server.halt();
  look();
  const lines = server.stderr.trim().split('\n');
  lines.forEach((line) => JSON.parse(line));
  assert.ok(lines.length > 50, `only ${lines.length} lines: is the log as verbose as can be?`);
  const traces = lines.filter((line) => found(line).length > 0);
  assert.deepEqual(traces, [], 'the log');
  assert.ok(secrets.size >= 10);
});
