// Results from a build: the list of runs, one run, failures first, one test; a long list that stays light.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { client, sendRun } from '../lib/api.mjs';
import { launch, makeKey, makeProject, signedIn } from '../lib/site.mjs';

const browser = await launch();
after(() => browser.close());

let project;
let small;
let large;

before(async () => {
  const { context, page } = await signedIn(browser);
  project = await makeProject(page, 'Web shop');
  const api = client(await makeKey(page, 'Automation flow'));
  small = await sendRun(api, project, 'Small', 40);
  large = await sendRun(api, project, 'Large', 3000);
  await context.close();
});

test('from the projects to the output of a failed test, and back', async () => {
  const { page, quiet } = await signedIn(browser);
  await page.getByRole('link', { name: 'Web shop' }).first().click();
  await page.getByRole('link', { name: 'Automation', exact: true }).click();
  await page.getByRole('link', { name: 'Small' }).first().click();
  await page.waitForURL(`**/automation/runs/view/${small}*`);
  const tests = page.getByRole('table', { name: 'Tests' });
  const first = tests.getByRole('link').first();
  const name = await first.innerText();
  assert.match(name, /^fails with </, 'failures come first, and markup in names is text');
  await first.click();
  const detail = page.getByRole('complementary', { name: 'Test' });
  await detail.getByRole('heading', { name: 'fails with' }).waitFor();
  await detail.getByText('expected 200 but was 500').first().waitFor();
  await detail.getByText('at line 3').waitFor();
  assert.match(page.url(), /test_id=\d+/, 'an open test has an address of its own');

  await tests.getByRole('link', { name: 'test 13', exact: true }).click();
  await detail.getByRole('heading', { name: 'test 13', exact: true }).waitFor();
  await page.goBack();
  await detail.getByRole('heading', { name: 'fails with' }).waitFor();
  await page.reload();
  await detail.getByRole('heading', { name: 'fails with' }).waitFor();
  await detail.getByRole('link', { name: 'Close' }).click();
  await detail.waitFor({ state: 'hidden' });
  assert.doesNotMatch(await page.title(), /broken/, 'no script of a result has run');
  quiet();
});

test('arrow keys go through the tests, and Escape closes one', async () => {
  const { page, quiet } = await signedIn(browser);
  await page.goto(`/automation/runs/view/${small}`);
  const links = page.getByRole('table', { name: 'Tests' }).getByRole('link');
  await links.first().focus();
  await page.keyboard.press('Enter');
  const detail = page.getByRole('complementary', { name: 'Test' });
  await detail.getByRole('heading', { name: 'fails with' }).waitFor();
  await links.first().focus();
  await page.keyboard.press('ArrowDown');
  await detail.getByRole('heading', { name: 'test 13', exact: true }).waitFor();
  await page.keyboard.press('Escape');
  await detail.waitFor({ state: 'hidden' });
  quiet();
});

test('a long list is fetched while one scrolls, and stays light', async () => {
  const { page, quiet } = await signedIn(browser);
  await page.goto(`/automation/runs/view/${large}?show=passed`);
  const list = page.locator('at-grid');
  const shown = () => page.getByRole('table', { name: 'Tests' }).locator('tbody tr').count();
  assert.ok((await shown()) <= 60, `${await shown()} rows before anything was scrolled`);
  const last = page.getByRole('link', { name: 'test 2999', exact: true });
  for (let step = 0; step < 200 && (await last.count()) === 0; step += 1) {
    const chunks = await page.locator('tbody[data-chunk]').count();
    await list.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await page
      .waitForFunction((before) => document.querySelectorAll('tbody[data-chunk]').length > before, chunks)
      .catch(() => {});
  }
  await last.waitFor();
  assert.ok((await shown()) <= 400, `${await shown()} rows after all was scrolled`);
  await list.evaluate((element) => element.scrollTo(0, 0));
  await page.getByRole('link', { name: 'test 0', exact: true }).waitFor();
  quiet();
});

test('runs are filtered by source and state', async () => {
  const { page, quiet } = await signedIn(browser);
  await page.goto(`/automation/runs/${project}`);
  await page.getByLabel('State').selectOption({ label: 'Failed' });
  await page.getByRole('button', { name: 'Filter', exact: true }).click();
  await page.getByRole('row', { name: 'Large' }).waitFor();
  await page.getByLabel('State').selectOption({ label: 'Passed' });
  await page.getByRole('button', { name: 'Filter', exact: true }).click();
  await page.getByText('Nothing matches').waitFor();
  await page.getByRole('link', { name: 'Clear filters' }).click();
  await page.getByRole('row', { name: 'Small' }).waitFor();
  quiet();
});
