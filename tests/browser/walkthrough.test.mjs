// From the printed link to a working key, as the help page of Testmo tells it, by what is to be read on the pages alone.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { ask } from './support/api.mjs';
import { Visitor, launch, signedIn } from './support/browser.mjs';
import { Server, person } from './support/server.mjs';

let browser, server;
before(async () => {
  [browser, server] = await Promise.all([launch(), Server.start()]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** The members of the contract's answer to `GET /user`. */
const MEMBERS = ['date_format', 'id', 'name', 'time_format', 'timezone'];

test('set up, make a project and a key, call the API, revoke', async () => {
  const visitor = await Visitor.enter(browser, server, { permissions: ['clipboard-read', 'clipboard-write'] });
  const { page } = visitor;
  await page.goto(server.setUpLink);
  await page.getByLabel('Name').fill(person.name);
  await page.getByLabel('E-mail').fill(person.email);
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.getByRole('button', { name: 'Create account and sign in' }).click();

  await page.getByText('No projects yet').waitFor();
  await page.getByRole('link', { name: 'New project' }).click();
  await page.getByLabel('Name').fill('Web shop');
  await page.getByRole('button', { name: 'Create project' }).click();
  await visitor.heading('Web shop');
  // The command that the empty project offers is one to be pasted: a line for each option.
  assert.match(await page.locator('#first-upload').innerText(), /^testmo automation:run:submit \\\n  --instance http\S+ \\\n/);

  await page.getByRole('button', { name: person.name }).click();
  await page.getByRole('link', { name: 'User profile' }).click();
  await page.getByRole('heading', { name: 'API access' }).waitFor();
  await page.getByRole('link', { name: 'change', exact: true }).click();
  await page.getByRole('group', { name: 'What is it for?' }).getByLabel('Submit test results').check();
  await page.getByLabel('Name', { exact: true }).fill('Nightly build');
  await page.getByRole('button', { name: 'Create key' }).click();
  await page.getByText('Copy it now. It cannot be shown again.').waitFor();
  await page.getByRole('button', { name: 'Copy', exact: true }).click();
  await page.getByRole('button', { name: 'Copied', exact: true }).waitFor();
  const key = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(key, await visitor.shownKey());

  await answersTheContract(key);
  await refusesWithout(key);

  await page.getByRole('link', { name: 'I have stored it' }).click();
  await page.getByRole('row', { name: 'Nightly build' }).getByRole('cell', { name: key.slice(-4) }).waitFor();
  assert.ok(!(await page.content()).includes(key), 'the key is shown again');
  await page.goBack();
  await page.waitForLoadState();
  assert.ok(!(await page.content()).includes(key), 'going back shows the key again');

  await page.goto('/users/profile/api');
  await page.getByRole('link', { name: 'Revoke Nightly build' }).click();
  await page.getByRole('heading', { name: 'Revoke “Nightly build”?' }).waitFor();
  await page.getByRole('button', { name: 'Revoke key' }).click();
  await page.getByText('“Nightly build” is revoked.').waitFor();
  const revoked = await ask(server, 'user', { key });
  assert.equal(revoked.status, 401);
  assert.match(revoked.headers.get('www-authenticate'), /^Bearer .*error="invalid_token"/);
  visitor.expect(404, 405);
  await visitor.leave();
});

/** The object of the contract, with `fetch` and with the line that the page offers. */
async function answersTheContract(key) {
  const answer = await ask(server, 'user', { key });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('content-type'), 'application/json');
  const user = await answer.json();
  assert.deepEqual(Object.keys(user).sort(), MEMBERS);
  assert.equal(user.name, person.name);
  assert.ok(Number.isInteger(user.id));
  const line = ['--silent', '--header', `Authorization: Bearer ${key}`, `${server.url}/api/v1/user`];
  const { stdout } = await promisify(execFile)('curl', line);
  assert.deepEqual(JSON.parse(stdout), user);
}

async function refusesWithout(key) {
  for (const other of [undefined, `${key.slice(0, -1)}${key.endsWith('x') ? 'y' : 'x'}`]) {
    const answer = await ask(server, 'user', { key: other });
    assert.equal(answer.status, 401);
    assert.match(answer.headers.get('www-authenticate'), /^Bearer /);
    assert.equal(typeof (await answer.json()).message, 'string');
  }
}

test('the set-up link works once', async () => {
  const visitor = await Visitor.enter(browser, server);
  await visitor.page.goto(server.setUpLink);
  assert.equal(await visitor.page.getByRole('button', { name: 'Create account and sign in' }).count(), 0);
  await visitor.expect(404, 403, 410).leave();
});

test('a rotated key goes on for as long as was said', async () => {
  const visitor = await signedIn(browser, server);
  const { page } = visitor;
  const first = await visitor.key('Rotated');
  const rotate = async (overlap) => {
    await page.goto('/users/profile/api');
    await page.getByRole('link', { name: 'Rotate Rotated' }).first().click();
    await page.getByRole('radio', { name: overlap }).check();
    await page.getByRole('button', { name: 'Rotate key' }).click();
    return visitor.shownKey();
  };
  const second = await rotate('1 hour');
  assert.notEqual(second, first);
  for (const key of [first, second]) assert.equal((await ask(server, 'user', { key })).status, 200);
  const third = await rotate('Not at all');
  assert.equal((await ask(server, 'user', { key: second })).status, 401, 'the replaced key is refused at once');
  assert.equal((await ask(server, 'user', { key: third })).status, 200);
  await visitor.leave();
});

test('limits of a key hold', async () => {
  const visitor = await signedIn(browser, server);
  const { page } = visitor;
  const own = await visitor.project('Of the key');
  const foreign = await visitor.project('Not of the key');
  const limited = async (name, purpose, fill) => {
    await page.goto('/users/profile/api');
    await page.getByRole('radio', { name: purpose }).check();
    await page.getByLabel('Name', { exact: true }).fill(name);
    await fill();
    await page.getByRole('button', { name: 'Create key' }).click();
    return visitor.shownKey();
  };
  const reader = await limited('Reader', 'Read only', async () => {
    await page.getByText('Only in some projects').click();
    await page.getByLabel('Of the key', { exact: true }).check();
  });
  assert.equal((await ask(server, `projects/${own}`, { key: reader })).status, 200);
  assert.equal((await ask(server, `projects/${foreign}`, { key: reader })).status, 404);
  const body = JSON.stringify({ name: 'no', source: 'no' });
  const headers = { 'content-type': 'application/json' };
  const write = await ask(server, `projects/${own}/automation/runs`, { key: reader, method: 'POST', headers, body });
  assert.equal(write.status, 403);
  assert.equal((await write.json()).code, 'insufficient_scope');

  const elsewhere = await limited('Elsewhere', 'Read only', async () => {
    await page.getByText('Only from some addresses').click();
    await page.getByLabel('Addresses').fill('192.0.2.0/24');
  });
  const refused = await ask(server, 'user', { key: elsewhere });
  assert.equal(refused.status, 403);
  assert.equal((await refused.json()).code, 'ip_not_allowed');
  await visitor.leave();
});
