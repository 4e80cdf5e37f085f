// Everything works without JavaScript: links, forms, and pages that come after them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, ask, samples } from './support/api.mjs';
import { Visitor, launch } from './support/browser.mjs';
import { Server, person } from './support/server.mjs';

const OPTIONS = { javaScriptEnabled: false };
let browser, server;
before(async () => {
  [browser, server] = await Promise.all([launch(), Server.start({ init: true })]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test('the set-up link makes the first account', async () => {
  const fresh = await Server.start();
  const visitor = await Visitor.enter(browser, fresh, OPTIONS);
  await visitor.setUp();
  await visitor.page.getByRole('button', { name: person.name }).click();
  await visitor.page.getByRole('button', { name: 'Sign out' }).click();
  await visitor.heading('Sign in to Attest');
  await visitor.leave();
  await fresh.stop();
});

test('make a project, make, rotate and revoke a key, read results', async () => {
  const visitor = await Visitor.enter(browser, server, OPTIONS);
  const { page } = visitor;
  await visitor.signIn();
  await visitor.heading('Projects');
  const project = await visitor.project('Without script');

  await page.getByRole('button', { name: person.name }).click();
  await page.getByRole('link', { name: 'User profile' }).click();
  await page.getByRole('link', { name: 'change', exact: true }).click();
  await page.getByRole('radio', { name: 'Everything I may do' }).check();
  await page.getByLabel('Name', { exact: true }).fill('Plain');
  await page.getByRole('button', { name: 'Create key' }).click();
  const key = await visitor.shownKey();
  assert.equal(await page.getByRole('button', { name: 'Copy', exact: true }).isVisible(), false, 'a button that does nothing');
  await page.goto('/users/profile/api');
  await page.getByRole('link', { name: 'Rotate Plain' }).click();
  await page.getByRole('radio', { name: 'Not at all' }).check();
  await page.getByRole('button', { name: 'Rotate key' }).click();
  const fresh = await visitor.shownKey();
  assert.equal((await ask(server, 'user', { key })).status, 401);

  await readResults(visitor, project, fresh);

  await page.goto('/users/profile/api');
  await page.getByRole('link', { name: 'Revoke Plain' }).click();
  await page.getByRole('button', { name: 'Revoke key' }).click();
  await page.getByText('“Plain” is revoked.').waitFor();
  assert.equal((await ask(server, 'user', { key: fresh })).status, 401);
  await visitor.leave();
});

/** From the list of runs to the second part of a long list, and to one test. */
async function readResults(visitor, project, key) {
  const { page } = visitor;
  const client = new Client(server, key);
  await client.run(project, { name: 'Long', source: 'plain', threads: [samples(120)] });
  await page.goto('/projects');
  await page.getByRole('link', { name: 'Without script', exact: true }).click();
  await page.getByRole('link', { name: 'Automation', exact: true }).click();
  await page.getByLabel('State').selectOption('Failed');
  await page.getByRole('button', { name: 'Filter' }).click();
  await page.waitForURL('**state=failed*');
  await page.getByRole('row').getByRole('link', { name: /^Long/ }).click();
  const tests = page.getByRole('table', { name: 'Tests' });
  assert.equal(await tests.locator('a[data-open]').count(), 40);
  const seen = new Set(await tests.locator('a[data-open]').allInnerTexts());
  for (const expected of [40, 40]) {
    await page.getByRole('link', { name: 'Next 40 tests' }).click();
    await page.waitForURL('**after=*');
    const names = await tests.locator('a[data-open]').allInnerTexts();
    assert.equal(names.length, expected);
    names.forEach((name) => seen.add(name));
  }
  assert.equal(seen.size, 120, 'every test once');
  await page.getByRole('link', { name: 'Show the list from its beginning' }).click();
  await page.getByRole('link', { name: 'pays with card number 13', exact: true }).click();
  await page.getByRole('complementary', { name: 'Test' }).getByText('checkout.spec.ts:13:0').waitFor();
  await page.getByRole('link', { name: 'Close' }).click();
  await page.getByRole('complementary', { name: 'Test' }).waitFor({ state: 'hidden' });
}

test('light and dark can be chosen', async () => {
  const visitor = await Visitor.enter(browser, server, { ...OPTIONS, colorScheme: 'light' });
  const { page } = visitor;
  await visitor.signIn();
  const canvas = () => page.locator('html').evaluate((html) => getComputedStyle(html).backgroundColor);
  const light = await canvas();
  await page.getByRole('button', { name: 'Switch between light and dark' }).click();
  await visitor.heading('Projects');
  assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark');
  assert.notEqual(await canvas(), light);
  await page.goto('/users/profile');
  assert.notEqual(await canvas(), light, 'the next page is dark too');
  await page.getByRole('radio', { name: 'As the system' }).check();
  await page.getByRole('button', { name: 'Use these colours' }).click();
  await visitor.heading('Account');
  assert.equal(await canvas(), light);
  await visitor.leave();
});

test('what was wrong is said beside the field', async () => {
  const visitor = await Visitor.enter(browser, server, OPTIONS);
  const { page } = visitor;
  await visitor.signIn();
  await page.goto('/projects/new');
  await page.getByLabel('Name', { exact: true }).fill('   ');
  await page.getByRole('button', { name: 'Create project' }).click();
  await page.getByRole('alert').waitFor();
  assert.equal(await page.getByLabel('Name', { exact: true }).getAttribute('aria-invalid'), 'true');
  await visitor.expect(422).leave();
});
