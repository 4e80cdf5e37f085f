// Everything without JavaScript: each link and form does its work.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { client, sendRun } from '../lib/api.mjs';
import { launch, makeKey, makeProject, person, signedIn, url } from '../lib/site.mjs';

const browser = await launch();
after(() => browser.close());

test('projects, keys and results without script', async () => {
  const { page, quiet } = await signedIn(browser, { javaScriptEnabled: false });
  const project = await makeProject(page, 'Without script');
  const key = await makeKey(page, 'Without script');
  const run = await sendRun(client(key), project, 'Plain', 120);

  await page.goto(`/automation/runs/${project}`);
  await page.getByRole('link', { name: 'Plain' }).first().click();
  await page.waitForURL(`**/automation/runs/view/${run}*`);
  await page.getByRole('table', { name: 'Tests' }).getByRole('link', { name: 'test 13', exact: true }).click();
  await page.getByRole('complementary', { name: 'Test' }).getByText('at line 13').waitFor();
  await page.getByRole('link', { name: 'Close' }).click();
  await page.waitForURL((address) => !address.search.includes('test_id'));
  await page.getByRole('link', { name: /^Next \d+ tests$/ }).click();
  await page.getByRole('link', { name: /^Next \d+ tests$/ }).click();
  await page.getByRole('link', { name: 'test 119', exact: true }).waitFor();

  await page.goto('/users/profile/api');
  await page.getByRole('link', { name: 'Revoke Without script' }).first().click();
  await page.getByRole('button', { name: 'Revoke key' }).click();
  await page.waitForURL('**/users/profile/api*');
  const answer = await fetch(`${url}/api/v1/user`, { headers: { authorization: `Bearer ${key}` } });
  assert.equal(answer.status, 401);

  await page.goto('/projects');
  await page.getByRole('button', { name: `User menu of ${person.name}` }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL('**/login*');
  quiet();
});

test('light and dark are switched by a form', async () => {
  const { page, quiet } = await signedIn(browser, { javaScriptEnabled: false, colorScheme: 'light' });
  await page.getByRole('button', { name: 'Switch between light and dark' }).click();
  await page.waitForURL('**/projects');
  assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark');
  quiet();
});
