// One search over any page: Ctrl+K, letters, arrow keys. The counted task is in many-cases.test.mjs.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from './support/api.mjs';
import { launch, signedIn } from './support/browser.mjs';
import { axe } from './support/inspect.mjs';
import { Server } from './support/server.mjs';

let browser, server, client, project;
before(async () => {
  [browser, server] = await Promise.all([launch(), Server.start({ init: true })]);
  client = new Client(server, server.key('Import', '--scope', 'full', '--expires', '1d'));
  const visitor = await signedIn(browser, server);
  project = await visitor.project('Web shop');
  for (let first = 0; first < 1000; first += 100) {
    const cases = Array.from({ length: 100 }, (_, n) => ({ name: `Pay order ${first + n} by card`, custom_preconditions: `cart${(first + n) * 7}` }));
    await client.post(`projects/${project}/cases`, { cases });
  }
  await visitor.leave();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

for (const colorScheme of ['light', 'dark']) {
  test(`the dialog is gone through by arrow keys and has no fault, ${colorScheme}`, async () => {
    const visitor = await signedIn(browser, server, { colorScheme });
    const { page } = visitor;
    await page.goto(`/repositories/${project}`);
    await page.keyboard.press('Control+k');
    const dialog = page.getByRole('dialog', { name: 'Search' });
    await dialog.waitFor();
    assert.deepEqual(await axe(page), []);
    await page.keyboard.type('over');
    await dialog.getByRole('link', { name: 'Repository' }).waitFor({ state: 'detached' });
    await page.keyboard.press('ArrowDown');
    assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Overview');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Control+k');
    assert.equal(await page.evaluate(() => document.activeElement.type), 'search');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Search', exact: true }).click();
    await dialog.waitFor();
    await page.keyboard.type('nowhere to be found');
    await dialog.getByText('Nothing has these words.').waitFor();
    await page.mouse.click(5, 5);
    await dialog.waitFor({ state: 'detached' });
    await visitor.leave();
  });
}

test('without script the search is a page', async () => {
  const visitor = await signedIn(browser, server, { javaScriptEnabled: false });
  const { page } = visitor;
  await page.goto(`/repositories/${project}`);
  await page.getByRole('link', { name: 'Search', exact: true }).click();
  await visitor.heading('Search');
  await page.getByLabel('Words or a number').fill('777 order');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByRole('link', { name: /Pay order 777 by card/ }).click();
  await visitor.heading('Pay order 777 by card');
  await visitor.leave();
});
