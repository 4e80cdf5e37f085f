// The inbox: a bell that counts, notifications by mouse, by keyboard and without script.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, colleague } from './support/api.mjs';
import { launch, signedIn } from './support/browser.mjs';
import { axe } from './support/inspect.mjs';
import { Server } from './support/server.mjs';

let browser, server, starter, project;
before(async () => {
  [browser, server] = await Promise.all([launch(), Server.start({ init: true })]);
  const client = new Client(server, server.key('Import', '--scope', 'full', '--expires', '1d'));
  const visitor = await signedIn(browser, server);
  project = await visitor.project('Web shop');
  await visitor.leave();
  await client.post(`projects/${project}/cases`, { cases: [{ name: 'Pay by card', state_id: 4 }] });
  starter = await colleague(server, client);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const assign = (name) => starter.post(`projects/${project}/runs`, { name, include_all: true, assignee_id: 1 });

test('a run that is given is counted by the bell, opened by mouse, and read then', async () => {
  await assign('Release 1');
  const visitor = await signedIn(browser, server);
  const { page } = visitor;
  await page.goto('/projects');
  await page.getByRole('link', { name: 'Inbox, 1 unread' }).click();
  await page.getByText('gave you 1 test in').waitFor();
  assert.deepEqual(await axe(page), []);
  await page.getByRole('button', { name: 'Release 1', exact: true }).click();
  await page.waitForURL(/\/runs\/view\/\d+\?show=mine/);
  await page.getByRole('link', { name: 'Inbox', exact: true }).waitFor();
  await visitor.leave();
});

for (const javaScriptEnabled of [true, false]) {
  test(`by keys alone one and all are marked and taken back, script: ${javaScriptEnabled}`, async () => {
    await assign('Release 2');
    await assign('Release 3');
    const visitor = await signedIn(browser, server, { javaScriptEnabled });
    const { page } = visitor;
    const press = async (name) => {
      await page.getByRole('button', { name }).focus();
      await page.keyboard.press('Enter');
    };
    await page.goto('/inbox');
    await press('Mark as read: Release 3');
    await page.getByRole('link', { name: 'Inbox, 1 unread' }).waitFor();
    await press('Undo');
    await page.getByRole('link', { name: 'Inbox, 2 unread' }).waitFor();
    await press('Mark all as read');
    await page.getByRole('heading', { name: 'Nothing unread' }).waitFor();
    await press('Undo');
    await page.getByRole('link', { name: 'Inbox, 2 unread' }).waitFor();
    await press('Mark all as read');
    await page.getByRole('link', { name: 'All', exact: true }).click();
    await page.getByRole('button', { name: 'Release 3', exact: true }).first().waitFor();
    await visitor.leave();
  });
}

test('a kind that is turned off is told no more', async () => {
  const visitor = await signedIn(browser, server);
  const { page } = visitor;
  await page.goto('/users/profile/notifications');
  await page.getByLabel('Tests or a run are given to me').uncheck();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.').waitFor();
  await assign('Release 4');
  await page.goto('/inbox');
  await page.getByRole('heading', { name: 'Nothing unread' }).waitFor();
  await visitor.leave();
});
