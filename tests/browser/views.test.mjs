// Lists of cases that are kept under a name.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, signedIn } from './support/browser.mjs';
import { Server } from './support/server.mjs';

let browser, server;
before(async () => {
  [browser, server] = await Promise.all([launch(), Server.start({ init: true })]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

for (const javaScriptEnabled of [true, false]) {
  test(`a list is kept, opened and deleted${javaScriptEnabled ? ' by keys' : ' without script'}`, async () => {
    const visitor = await signedIn(browser, server, { javaScriptEnabled });
    const { page } = visitor;
    const project = await visitor.project(`Views ${javaScriptEnabled}`);
    await visitor.case(project, 'Pay by card');
    await visitor.case(project, 'Pay in cash');
    await page.goto(`/repositories/${project}?q=card`);
    await page.getByRole('link', { name: 'Save this view' }).focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('Name', { exact: true }).fill('Cards');
    await page.getByLabel('Name', { exact: true }).press('Enter');
    const views = page.getByRole('navigation', { name: 'Saved views' });
    await views.getByRole('link', { name: 'Cards', exact: true }).waitFor();
    await page.goto(`/repositories/${project}`);
    assert.equal(await page.getByRole('link', { name: /^Pay/ }).count(), 2);
    await views.getByRole('link', { name: 'Cards', exact: true }).click();
    await page.waitForURL(/q=card/);
    assert.equal(await page.getByRole('link', { name: /^Pay/ }).count(), 1);
    await page.getByText('Columns and groups', { exact: true }).click();
    await page.getByRole('checkbox', { name: 'Type' }).uncheck();
    await page.getByRole('button', { name: 'Show these' }).click();
    await page.waitForURL(/column=none&column=state/);
    assert.deepEqual(await page.locator('.cases thead th:not(.tick)').allInnerTexts(), ['ID', 'Title', 'State', 'Changed', 'By']);
    await page.goBack();
    await page.getByRole('link', { name: 'Delete the view Cards' }).click();
    await page.getByRole('button', { name: 'Delete view' }).click();
    await page.waitForURL(/\/repositories\/\d+$/);
    assert.equal(await views.count(), 0);
    await visitor.leave();
  });
}
