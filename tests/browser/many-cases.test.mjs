// A repository of 100,000 cases: found by two words, a case of the 900th page by its address, and runs that stay light.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from './support/api.mjs';
import { launch, signedIn } from './support/browser.mjs';
import { Server } from './support/server.mjs';

const CASES = 100_000;
/** Cases of one call, and calls at once. */
const CALL = 100;
const CLIENTS = 4;
/** Most rows of a table at once. */
const ROWS = 150;

let browser, server, client, project;
before(async () => {
  [browser, server] = await Promise.all([launch(), Server.start({ init: true })]);
  client = new Client(server, server.key('Import', '--scope', 'full', '--expires', '1d'));
  const visitor = await signedIn(browser, server);
  project = await visitor.project('Large shop');
  await visitor.leave();
  let next = 0;
  const send = async () => {
    while (next < CASES) {
      const first = (next += CALL) - CALL;
      const cases = Array.from({ length: CALL }, (_, n) => ({ name: `Pay order ${first + n} by card`, custom_preconditions: `cart${(first + n) * 7}` }));
      await client.post(`projects/${project}/cases`, { cases });
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, send));
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test('a case among 100,000 is found by two words in at most 3 actions', async () => {
  const visitor = await signedIn(browser, server);
  const { page } = visitor;
  await page.goto(`/runs/${project}`);
  let actions = 0;
  actions += 1;
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog', { name: 'Search' }).getByLabel('Words or a number').waitFor();
  actions += 1;
  await page.keyboard.type('order cart543907');
  await page.getByRole('link', { name: /Pay order 77701 by card/ }).waitFor();
  actions += 1;
  await page.keyboard.press('Enter');
  await visitor.heading('Pay order 77701 by card');
  assert.ok(actions <= 3, `${actions} actions`);
  await visitor.leave();
});

test('a case of the 900th page has an address; Back and Forward keep the place', async () => {
  const visitor = await signedIn(browser, server);
  const { page } = visitor;
  const list = `/repositories/${project}?sort=id&page=900`;
  await page.goto(list);
  const rows = page.locator('table.cases tbody tr');
  assert.equal(await rows.count(), 50);
  const link = rows.nth(41).getByRole('link').first();
  const name = await link.innerText();
  await link.click();
  await page.getByRole('heading', { name }).first().waitFor();
  const address = page.url();
  await page.goBack();
  await page.waitForURL(`**${list}`);
  await rows.getByRole('link', { name, exact: true }).first().waitFor();
  await page.goForward();
  await page.waitForURL(address);
  await page.getByRole('heading', { name }).first().waitFor();
  await page.reload();
  await page.getByRole('heading', { name }).first().waitFor();
  await visitor.leave();
});

test('no page of the repository has more than 150 rows', async () => {
  const visitor = await signedIn(browser, server);
  const { page } = visitor;
  for (const query of ['', '?page=500', '?q=order&page=3', '?sort=-updated']) {
    await page.goto(`/repositories/${project}${query}`);
    assert.ok((await page.locator('tr').count()) <= ROWS, query);
    assert.ok((await page.locator('*').count()) <= 4000, query);
  }
  await visitor.leave();
});

test('the list of a run of 10,000 tests stays light while one scrolls', async () => {
  const pages = Array.from({ length: 10 }, (_, n) => client.get(`projects/${project}/cases/names?per_page=1000&page=${n + 1}`));
  const ids = (await Promise.all(pages)).flatMap((page) => page.result.map((one) => one.id));
  const run = (await client.post(`projects/${project}/runs`, { name: 'Long', cases: ids })).result.id;
  const visitor = await signedIn(browser, server);
  const { page } = visitor;
  await page.goto(`/runs/view/${run}`);
  for (let part = 0; part < 20; part += 1) {
    const before = await page.locator('tbody[data-chunk]').count();
    await page.evaluate(() => {
      const grid = document.querySelector('at-grid');
      grid.scrollTop = grid.scrollHeight;
    });
    await page.waitForFunction((count) => document.querySelectorAll('tbody[data-chunk]').length > count, before);
  }
  await page.waitForFunction((most) => document.querySelectorAll('tr').length <= most, ROWS);
  const last = page.locator('a[data-open]').last();
  const name = await last.innerText();
  await last.click();
  await page.getByRole('heading', { name, exact: true }).waitFor();
  await visitor.leave();
});
