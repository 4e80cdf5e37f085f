// A run of 100,000 results stays light: rows come while one scrolls, and those far away are given up.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, sample } from './support/api.mjs';
import { Visitor, launch, signedIn } from './support/browser.mjs';
import { Server } from './support/server.mjs';

const TESTS = 100_000;
/** Every hundredth fails. */
const FAILED = TESTS / 100;
/** Most rows at once. */
const ROWS = 150;
/** Chunks that are scrolled through. */
const CHUNKS = 30;

let browser, server, run, failed;
before(async () => {
  [browser, server] = await Promise.all([launch(), Server.start({ init: true })]);
  const visitor = await signedIn(browser, server);
  const project = await visitor.project('Large');
  await visitor.leave();
  const client = new Client(server, server.key('Large', '--scope', 'results:write'));
  const small = ({ key, name, folder, elapsed }, status) => ({ key, name, folder, elapsed, status });
  const tests = Array.from({ length: TESTS }, (_, n) => (n % 100 === 3 ? { ...sample(3), ...small(sample(n), 'failed') } : small(sample(n), 'passed')));
  run = await client.run(project, { name: 'Large', source: 'large', threads: [tests] });
  const page = await client.get(`automation/runs/${run}/tests?status_id=3&per_page=1000`);
  assert.equal(page.total, FAILED);
  failed = page.result;
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Rows of tests that are in the document, and the names of those in sight. */
function rows(page) {
  return page.evaluate(() => {
    const links = [...document.querySelectorAll('table.tests a[data-open]')];
    const inSight = links.filter((link) => {
      const { top, bottom } = link.getBoundingClientRect();
      return bottom > 0 && top < innerHeight;
    });
    return { inDocument: document.querySelectorAll('table.tests tr').length, inSight: inSight.map((link) => link.textContent) };
  });
}

/** Scrolls to the end of what is there and waits for the next chunk. */
async function onward(page) {
  const chunks = page.locator('tbody[data-chunk]');
  const before = await chunks.count();
  await page.evaluate(() => {
    const list = document.querySelector('at-grid');
    list.scrollTop = list.scrollHeight;
  });
  await page.waitForFunction((count) => document.querySelectorAll('tbody[data-chunk]').length > count, before);
}

test('the list stays light while one scrolls, down and up again', async () => {
  const visitor = await signedIn(browser, server);
  const { page } = visitor;
  await page.goto(`/automation/runs/view/${run}`);
  await page.getByText('100,000 results').waitFor();
  assert.ok((await rows(page)).inDocument <= 60);
  const first = (await rows(page)).inSight[0];
  let most = 0;
  for (let chunk = 0; chunk < CHUNKS; chunk += 1) {
    await onward(page);
    most = Math.max(most, (await rows(page)).inDocument);
  }
  // What is far away goes as soon as the browser has seen that it is.
  await page.waitForFunction((limit) => document.querySelectorAll('table.tests tr').length <= limit, ROWS);
  assert.ok(most <= ROWS + 50, `${most} rows at once`);
  const { inSight } = await rows(page);
  assert.ok(inSight.length > 0 && !inSight.includes(first));

  const deep = inSight.at(-1);
  await page.getByRole('link', { name: deep, exact: true }).click();
  await page.getByRole('complementary', { name: 'Test' }).getByRole('heading', { name: deep, exact: true }).waitFor();
  assert.ok((await rows(page)).inSight.includes(deep), 'the list kept its place');

  await page.evaluate(() => (document.querySelector('at-grid').scrollTop = 0));
  await page.getByRole('link', { name: first, exact: true }).waitFor();
  await page.waitForFunction((limit) => document.querySelectorAll('table.tests tr').length <= limit, ROWS);
  await page.getByRole('link', { name: first, exact: true }).click();
  await page.getByRole('complementary', { name: 'Test' }).getByRole('heading', { name: first, exact: true }).waitFor();
  await visitor.leave();
});

test('the link to the next part leads there', async () => {
  const visitor = await Visitor.enter(browser, server, { javaScriptEnabled: false });
  const { page } = visitor;
  await visitor.signIn();
  await page.goto(`/automation/runs/view/${run}?show=failed`);
  const seen = new Set();
  for (let part = 0; part < 3; part += 1) {
    (await page.locator('a[data-open]').allInnerTexts()).forEach((name) => seen.add(name));
    await page.getByRole('link', { name: 'Next 40 tests' }).click();
    await page.waitForURL(`**after=*`);
  }
  assert.equal(seen.size, 120);
  await visitor.leave();
});

test('a test has an address; Back and Forward go between tests and keep the list', async () => {
  const visitor = await signedIn(browser, server);
  const { page } = visitor;
  const detail = page.getByRole('complementary', { name: 'Test' });
  await page.goto(`/automation/runs/view/${run}`);
  await page.getByRole('link', { name: 'pays with card number 3', exact: true }).click();
  await detail.getByRole('heading', { name: 'pays with card number 3', exact: true }).waitFor();
  await page.waitForURL(`**test_id=*`);
  const address = page.url();
  await page.getByRole('link', { name: 'pays with card number 103', exact: true }).click();
  await detail.getByRole('heading', { name: 'pays with card number 103', exact: true }).waitFor();
  await page.goBack();
  await detail.getByRole('heading', { name: 'pays with card number 3', exact: true }).waitFor();
  assert.equal(page.url(), address);
  await page.goBack();
  await detail.waitFor({ state: 'hidden' });
  await page.goForward();
  await detail.getByRole('heading', { name: 'pays with card number 3', exact: true }).waitFor();
  await page.reload();
  await detail.getByText('checkout.spec.ts:3:0').waitFor();

  // The pane's own buttons go through the list, and stop at its beginning.
  await detail.getByRole('button', { name: 'Next test' }).click();
  await detail.getByRole('heading', { name: 'pays with card number 103', exact: true }).waitFor();
  for (let twice = 0; twice < 2; twice += 1) await detail.getByRole('button', { name: 'Previous test' }).click();
  await detail.getByRole('heading', { name: 'pays with card number 3', exact: true }).waitFor();
  assert.equal(page.url(), address);

  // Far down in the list, by its address alone.
  await page.goto(`/automation/runs/view/${run}?test_id=${failed[FAILED / 2].id}`);
  await detail.getByRole('heading', { name: failed[FAILED / 2].name, exact: true }).waitFor();
  await detail.getByRole('link', { name: 'Close' }).click();
  await detail.waitFor({ state: 'hidden' });
  await visitor.leave();
});
