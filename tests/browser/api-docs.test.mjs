// The page of the API: drawn from the description, with nothing from elsewhere and no exception from the policy.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Visitor, launch, signedIn } from './support/browser.mjs';
import { beyond } from './support/inspect.mjs';
import { Server, person } from './support/server.mjs';

let browser, server;
before(async () => {
  [browser, server] = await Promise.all([launch(), Server.start({ init: true })]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

for (const colorScheme of ['light', 'dark']) {
  test(`everybody reads it, ${colorScheme}`, async () => {
    const visitor = await Visitor.enter(browser, server, { colorScheme });
    const { page } = visitor;
    const elsewhere = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(server.url) && !request.url().startsWith('data:')) elsewhere.push(request.url());
    });
    await page.goto('/api/docs');
    await visitor.heading('Attest API');
    await page.locator('#operations-tag-Folders').click();
    const operation = page.locator('#operations-Folders-createFolders');
    await operation.locator('.opblock-summary-control').click();
    await operation.getByText('All or none.').waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.classList.contains('dark-mode')), colorScheme === 'dark');
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 844 });
      assert.deepEqual(await beyond(page), [], `${width} px`);
    }
    assert.deepEqual(elsewhere, []);
    await visitor.leave();
  });
}

test('a call from the page with a key', async () => {
  const visitor = await signedIn(browser, server);
  const { page } = visitor;
  const key = await visitor.key('Docs');
  await page.goto('/api/docs');
  await page.getByRole('button', { name: 'Authorize' }).click();
  await page.locator('#auth-bearer-value').fill(key);
  const bearer = page.locator('.auth-container form').filter({ has: page.locator('#auth-bearer-value') });
  await bearer.getByRole('button', { name: 'Apply credentials' }).click();
  await page.locator('.btn-done').first().click();
  await page.locator('#operations-tag-People').click();
  const operation = page.locator('#operations-People-getCurrentUser');
  await operation.locator('.opblock-summary-control').click();
  await operation.getByRole('button', { name: 'Try it out' }).click();
  await operation.getByRole('button', { name: 'Execute' }).click();
  await operation.locator('.live-responses-table').getByText(person.name).first().waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'Authorize' }).click();
  assert.equal(await page.locator('#auth-bearer-value').inputValue(), '', 'the key is kept');
  await visitor.leave();
});
