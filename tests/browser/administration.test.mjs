// Administration: API users and every key of the instance. The counted tasks stand in docs/TASKS.md.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask } from './support/api.mjs';
import { launch, signedIn } from './support/browser.mjs';
import { Server } from './support/server.mjs';

let browser, server, visitor, project;
before(async () => {
  [browser, server] = await Promise.all([launch(), Server.start({ init: true })]);
  visitor = await signedIn(browser, server);
  project = await visitor.project('Web shop');
});
after(async () => {
  await visitor?.leave();
  await browser?.close();
  await server?.stop();
});

/** Counts what a person does. */
function counter() {
  const count = { actions: 0 };
  count.do = async (action) => {
    count.actions += 1;
    await action;
  };
  return count;
}

/** The key that is shown once. */
async function shown(page) {
  const key = await page.getByLabel('Your API key').inputValue();
  assert.match(key, /^att_api_[0-9A-Za-z]{38}$/);
  return key;
}

const results = (key) =>
  ask(server, `projects/${project}/automation/runs`, {
    key,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Nightly', source: 'ci' }),
  });

test('an API user and its key are made in at most 8 actions', async () => {
  const { page } = visitor;
  await page.goto('/admin/api-users');
  const count = counter();
  await count.do(page.getByRole('link', { name: 'New API user' }).first().click());
  await visitor.heading('New API user');
  await count.do(page.getByLabel('Name', { exact: true }).fill('CI pipelines'));
  await count.do(page.getByLabel('What is it for?').fill('Sends the results of every build'));
  await count.do(page.getByRole('radio', { name: /^Results submitter/ }).check());
  await page.getByText('add, edit and delete results and automation').waitFor();
  await page.getByText('sign in to these pages or reset a password').first().waitFor();
  await count.do(page.getByLabel('Web shop', { exact: true }).check());
  await count.do(page.getByLabel('Key name').fill('main branch'));
  await count.do(page.getByRole('button', { name: 'Create API user and key' }).click());
  const key = await shown(page);
  assert.ok(count.actions <= 8, `${count.actions} actions`);

  assert.equal((await results(key)).status, 201);
  const user = await ask(server, 'user', { key });
  assert.equal((await user.json()).name, 'CI pipelines');
  await page.getByRole('link', { name: 'I have stored it' }).click();
  await visitor.heading('CI pipelines');
  assert.ok(!(await page.content()).includes(key), 'the key is shown again');
});

test('an API user rests while it is not active', async () => {
  const { page } = visitor;
  await page.goto('/admin/api-users');
  await page.getByRole('link', { name: 'CI pipelines' }).click();
  await page.getByRole('link', { name: 'New key' }).click();
  await page.getByLabel('Name', { exact: true }).fill('release branches');
  await page.getByRole('button', { name: 'Create key' }).click();
  const key = await shown(page);
  await page.getByRole('link', { name: 'I have stored it' }).click();
  await page.getByRole('link', { name: 'Deactivate…' }).click();
  await page.getByRole('button', { name: 'Deactivate' }).click();
  await page.getByText('This API user is not active.').waitFor();
  assert.equal((await results(key)).status, 401);
  await page.getByRole('button', { name: 'Activate' }).click();
  await page.getByRole('link', { name: 'Deactivate…' }).waitFor();
  assert.equal((await results(key)).status, 201);

  await page.getByRole('link', { name: 'Rotate release branches' }).click();
  await page.getByRole('radio', { name: 'Not at all' }).check();
  await page.getByRole('button', { name: 'Rotate key' }).click();
  const next = await shown(page);
  assert.equal((await results(key)).status, 401);
  assert.equal((await results(next)).status, 201);
});

test('a key that leaked is found by its last four and revoked in at most 4 actions', async () => {
  const { page } = visitor;
  const leaked = await visitor.key('Leaked');
  const kept = await visitor.key('Kept');
  await page.goto('/admin/api-keys');
  const count = counter();
  const search = page.getByLabel('Name, owner or last four characters');
  await search.fill(leaked.slice(-4));
  await count.do(search.press('Enter'));
  await page.waitForURL(/\?q=/);
  await count.do(page.getByRole('link', { name: /^Revoke Leaked/ }).click());
  await count.do(page.getByLabel('Reason').fill('Found in a build log'));
  await count.do(page.getByRole('button', { name: 'Revoke key' }).click());
  await page.getByText('1 key revoked.').waitFor();
  assert.ok(count.actions <= 4, `${count.actions} actions`);
  assert.equal((await ask(server, 'user', { key: leaked })).status, 401);
  assert.equal((await ask(server, 'user', { key: kept })).status, 200);
});

test('a whole key in the search field gets into no address', async () => {
  const { page } = visitor;
  const key = await visitor.key('Typed by mistake');
  const addresses = [];
  page.on('request', (request) => addresses.push(request.url()));
  await page.goto('/admin/api-keys');
  const search = page.getByLabel('Name, owner or last four characters');
  await search.fill(key);
  await search.press('Enter');
  await page.getByText('This is a whole key.').waitFor();
  assert.ok(!addresses.some((address) => address.includes(key.slice(0, 20))), 'an address holds the key');
  await page.getByRole('link', { name: 'revoke it by pasting it' }).click();
  await page.getByLabel('The key').fill(key);
  await page.getByRole('button', { name: 'Find key' }).click();
  await page.getByRole('heading', { name: 'Revoke 1 key?' }).waitFor();
  assert.ok(!addresses.some((address) => address.includes(key.slice(0, 20))), 'an address holds the key');
});
