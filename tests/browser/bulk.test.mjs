// Many cases at once: picked by mouse, by keys and as all that match. The counted task stands in docs/TASKS.md.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from './support/api.mjs';
import { launch, signedIn } from './support/browser.mjs';
import { press, tabTo } from './support/keyboard.mjs';
import { Server } from './support/server.mjs';

let browser, server, client;
before(async () => {
  [browser, server] = await Promise.all([launch(), Server.start({ init: true })]);
  client = new Client(server, server.key('Import', '--scope', 'full', '--expires', '1d'));
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function enter(name, count, options) {
  const visitor = await signedIn(browser, server, options);
  const project = await visitor.project(name);
  for (let first = 1; first <= count; first += 100) {
    const length = Math.min(100, count - first + 1);
    const cases = Array.from({ length }, (_, n) => ({ name: `Case ${first + n}` }));
    await client.post(`projects/${project}/cases`, { cases });
  }
  return { visitor, page: visitor.page, project };
}

const box = (page, n) => page.getByRole('checkbox', { name: `Pick C${n}`, exact: true });
const picked = (page) => page.locator('input[name=case]:checked').count();

test('one field of 500 cases is changed in at most 6 actions', async () => {
  const { visitor, page, project } = await enter('Five hundred', 500);
  await page.goto(`/repositories/${project}`);
  let actions = 0;
  const act = async (done) => {
    actions += 1;
    await done;
  };
  await act(page.getByRole('checkbox', { name: 'All cases of this page' }).check());
  await act(page.getByRole('checkbox', { name: 'All 500 cases' }).check());
  await act(page.getByRole('button', { name: 'Change' }).click());
  await visitor.heading('Change 500 cases');
  await act(page.getByLabel('Priority', { exact: true }).selectOption('High'));
  await act(page.getByRole('button', { name: 'Change 500 cases' }).click());
  await page.getByText('Changed 500 cases.').waitFor();
  assert.ok(actions <= 6, `${actions} actions`);
  const cases = await client.get(`projects/${project}/cases?per_page=100&page=5`);
  assert.equal(cases.result.length, 100);
  assert.ok(cases.result.every((one) => one.custom_priority === cases.result[0].custom_priority && one.custom_priority));
  await visitor.leave();
});

test('rows are picked one by one, as a range, and let go', async () => {
  const { visitor, page, project } = await enter('Ranges', 60);
  await page.goto(`/repositories/${project}`);
  const bar = page.getByRole('group', { name: 'Selection' });
  assert.equal(await bar.isVisible(), false);
  await box(page, 3).click();
  await box(page, 9).click({ modifiers: ['Shift'] });
  assert.equal(await picked(page), 7);
  await bar.getByText('7 picked').waitFor();
  await box(page, 6).click();
  await box(page, 5).click({ modifiers: ['Shift'] });
  assert.equal(await picked(page), 5, 'a range is let go as well');
  await bar.getByRole('checkbox', { name: 'All 60 cases' }).check();
  assert.equal(await picked(page), 50);
  await box(page, 1).uncheck();
  assert.equal(await bar.getByRole('checkbox', { name: 'All 60 cases' }).isChecked(), false, 'no longer all');
  await bar.getByRole('button', { name: 'Clear' }).click();
  assert.equal(await picked(page), 0);
  assert.equal(await bar.isVisible(), false);
  await box(page, 2).check();
  await bar.getByRole('button', { name: 'Delete' }).click();
  await visitor.heading('Delete 1 case?');
  await page.getByRole('link', { name: 'Cancel' }).click();
  assert.equal(await box(page, 2).isChecked(), true, 'cancelled, so still picked');
  await bar.getByRole('button', { name: 'Run these' }).click();
  await visitor.heading('New run');
  await page.getByText('1 case', { exact: true }).waitFor();
  await page.goBack();
  assert.equal(await box(page, 2).isChecked(), true);
  await visitor.leave();
});

test('cases are picked and moved by keys alone', async () => {
  const { visitor, page, project } = await enter('Keys', 5);
  await visitor.folder(project, 'Archive');
  await page.goto(`/repositories/${project}`);
  await page.getByRole('link', { name: 'Case 1', exact: true }).focus();
  await press(page, 'x');
  await press(page, 'j');
  await press(page, 'ArrowDown');
  await press(page, 'Shift+X');
  assert.equal(await picked(page), 3);
  await tabTo(page, /^Move$/);
  await page.keyboard.press('Enter');
  await visitor.heading('Move 3 cases');
  await tabTo(page, /^Folder$/);
  await page.keyboard.type('Archive');
  await tabTo(page, /^Move 3 cases$/);
  await page.keyboard.press('Enter');
  await page.getByText('Moved 3 cases.').waitFor();
  await page.getByRole('link', { name: /^Archive/ }).first().click();
  await page.getByText('1–3 of 3 cases').waitFor();
  await visitor.leave();
});

test('cases are tagged without script', async () => {
  const { visitor, page, project } = await enter('No script', 3, { javaScriptEnabled: false });
  await page.goto(`/repositories/${project}`);
  await box(page, 1).check();
  await box(page, 3).check();
  await page.getByRole('button', { name: 'Tag' }).click();
  await visitor.heading('Tag 2 cases');
  await page.getByLabel('Tags', { exact: true }).fill('smoke');
  await page.getByRole('button', { name: 'Tag 2 cases' }).click();
  await page.getByText('Tagged 2 cases.').waitFor();
  assert.equal(await page.locator('.cases .tag').count(), 2);
  await visitor.leave();
});
