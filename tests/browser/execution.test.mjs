// A run is made, executed by keys alone, without a connection, by two at once, and closed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, ask } from './support/api.mjs';
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

/** A PNG of one pixel. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** A project with cases, and a run of all of them that was made by the form. */
async function enter(name, cases, options, steps = [{ text1: 'Pay', text3: 'Paid' }]) {
  const visitor = await signedIn(browser, server, options);
  const project = await visitor.project(name);
  const client = new Client(server, server.key(name));
  const rows = Array.from({ length: cases }, (_, n) => ({ name: `Case ${n + 1}`, custom_steps: steps }));
  await client.post(`projects/${project}/cases`, { cases: rows });
  const { page } = visitor;
  await page.goto(`/runs/${project}`);
  await page.getByRole('link', { name: 'New run' }).first().click();
  await page.getByText(cases === 1 ? '1 case' : `${cases} cases`, { exact: true }).waitFor();
  await page.getByLabel('Name').fill('Release 1');
  await page.getByRole('button', { name: 'Start run' }).click();
  await visitor.heading(/^Release 1/);
  const run = Number(page.url().split('/').at(-1));
  const counts = async () => (await client.get(`runs/${run}`)).result;
  return { visitor, page, project, client, run, counts };
}

test('twenty tests are passed with twenty keys and no page load', async () => {
  const { visitor, page, counts } = await enter('Twenty', 25);
  await page.getByRole('link', { name: 'Case 1', exact: true }).click();
  await page.getByRole('heading', { name: 'Case 1', exact: true }).waitFor();
  await page.evaluate(() => (window.isSamePage = true));
  for (let n = 1; n <= 20; n += 1) {
    await page.keyboard.press('1');
    await page.getByRole('heading', { name: `Case ${n + 1}`, exact: true }).waitFor();
  }
  await page.getByText('80.0% done').waitFor();
  assert.ok(await page.evaluate(() => window.isSamePage));
  assert.equal((await counts()).success_count, 20);
  await page.goBack();
  await page.getByRole('heading', { name: 'Case 20', exact: true }).waitFor();
  await visitor.leave();
});

test('a failure with a screenshot takes five actions, and is taken back', async () => {
  const { visitor, page, client, run, counts } = await enter('Failure', 2);
  await page.getByRole('link', { name: 'Case 1', exact: true }).click();
  await page.getByRole('heading', { name: 'Case 1', exact: true }).waitFor();
  await page.keyboard.press('2');
  await page.keyboard.type('The total is wrong');
  await page.getByLabel('Files').setInputFiles({ name: 'total.png', mimeType: 'image/png', buffer: PIXEL });
  await page.getByLabel('Comment').press('Control+Enter');
  await page.getByText('C1: Failed').waitFor();
  const result = (await client.get(`runs/${run}/results`)).result[0];
  assert.equal(result.note, 'The total is wrong');
  const path = `/api/attest/v1/runs/${run}/results/${result.id}/attachments`;
  const files = await (await fetch(server.url + path, { headers: { authorization: `Bearer ${client.key}` } })).json();
  assert.deepEqual(files.result.map((file) => file.name), ['total.png']);
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('heading', { name: 'Case 1', exact: true }).waitFor();
  await page.getByText('The result was taken back.').waitFor();
  assert.equal((await counts()).failure_count, 0);
  await visitor.leave();
});

test('what is given without a connection arrives once', async () => {
  const { visitor, page, counts, client, run } = await enter('Offline', 8);
  visitor.expectWords('ERR_INTERNET_DISCONNECTED');
  await page.getByRole('link', { name: 'Case 1', exact: true }).click();
  await page.getByRole('heading', { name: 'Case 1', exact: true }).waitFor();
  await page.waitForTimeout(500);
  await visitor.context.setOffline(true);
  for (let n = 1; n <= 4; n += 1) {
    await page.keyboard.press('1');
    await page.getByRole('heading', { name: `Case ${n + 1}`, exact: true }).waitFor();
  }
  await page.getByText('4 results are kept in this browser').waitFor();
  assert.equal((await counts()).success_count, 0);
  await visitor.context.setOffline(false);
  await page.getByText('50.0% done').waitFor();
  assert.equal((await counts()).success_count, 4);
  assert.equal((await client.get(`runs/${run}/results`)).total, 4);
  await visitor.leave();
});

test('two people see what the other does, and both results stay', async () => {
  const { visitor, page, client, run } = await enter('Two', 3);
  const other = await signedIn(browser, server);
  await other.page.goto(page.url());
  await other.page.getByRole('link', { name: 'Case 2', exact: true }).click();
  await other.page.getByRole('heading', { name: 'Case 2', exact: true }).waitFor();
  await page.getByRole('link', { name: 'Case 2', exact: true }).click();
  await page.getByRole('heading', { name: 'Case 2', exact: true }).waitFor();
  await page.keyboard.press('1');
  await other.page.getByRole('row', { name: /Passed.*Case 2/ }).waitFor();
  await other.page.keyboard.press('2');
  await other.page.keyboard.type('Not for me');
  await other.page.keyboard.press('Control+Enter');
  await page.getByRole('row', { name: /Failed.*Case 2/ }).waitFor();
  assert.equal((await client.get(`runs/${run}/results`)).total, 2);
  await visitor.leave();
  await other.leave();
});

test('steps say the status of the test until somebody chooses one', async () => {
  const { visitor, page, client, run } = await enter('Stepwise', 1, {}, [{ text1: 'Open' }, { text1: 'Pay' }, { text1: 'Leave' }]);
  await page.getByRole('link', { name: 'Case 1', exact: true }).click();
  const step = (n) => page.getByLabel(`Status of step ${n}`);
  const chosen = () => page.evaluate(() => document.querySelector('[name=status]:checked')?.parentElement.querySelector('span').textContent ?? '');
  await step(1).waitFor();
  await step(1).focus();
  await page.keyboard.type('P');
  assert.equal(await step(1).inputValue(), '2');
  assert.equal(await chosen(), '');
  await step(2).selectOption('Failed');
  assert.equal(await chosen(), 'Failed');
  await step(2).selectOption('Passed');
  assert.equal(await chosen(), '', 'a step is missing that could say more');
  await step(3).selectOption('Skipped');
  assert.equal(await chosen(), 'Passed');
  await page.getByRole('radio', { name: /Blocked/ }).check();
  await step(1).selectOption('Failed');
  assert.equal(await chosen(), 'Blocked', 'what somebody chose stays');
  await page.getByRole('button', { name: 'Save result' }).click();
  await page.getByText('C1: Blocked').waitFor();
  const result = (await client.get(`runs/${run}/results`)).result[0];
  assert.deepEqual(result.steps, [{ step: 1, status_id: 3 }, { step: 2, status_id: 2 }, { step: 3, status_id: 6 }]);
  await visitor.leave();
});

test('a data set of seven rows is seven tests, passed by seven keys', async () => {
  const visitor = await signedIn(browser, server);
  const { page } = visitor;
  const project = await visitor.project('Rows');
  await page.goto(`/cases/new/${project}`);
  await page.getByLabel('Title').fill('Sign in as {{role}}');
  await page.getByLabel('Action of step 1').fill('Enter {{role}} and {{word}}');
  await page.getByText('Data set', { exact: true }).click();
  const roles = ['admin', 'editor', 'viewer', 'guest', 'owner', 'auditor', 'nobody'];
  await page.getByLabel('Parameters and their values').fill(['role | word', ...roles.map((role, n) => `${role} | secret${n}`)].join('\n'));
  await page.getByRole('button', { name: 'Create case' }).click();
  await visitor.heading('Sign in as {{role}}');
  await page.getByRole('cell', { name: 'auditor' }).waitFor();
  await page.goto(`/runs/new/${project}`);
  await page.getByText('7 tests').waitFor();
  await page.getByLabel('Name').fill('All roles');
  await page.getByRole('button', { name: 'Start run' }).click();
  await page.getByRole('link', { name: 'Sign in as admin', exact: true }).click();
  for (const [n, role] of roles.entries()) {
    await page.getByRole('heading', { name: `Sign in as ${role}`, exact: true }).waitFor();
    await page.getByText(`Enter ${role} and secret${n}`).waitFor();
    await page.keyboard.press('1');
  }
  await page.getByText('100% done').waitFor();
  await visitor.leave();
});

test('without script results are given, taken back and frozen', async () => {
  const { visitor, page, counts } = await enter('Plain', 2, { javaScriptEnabled: false });
  await page.getByRole('link', { name: 'Case 1', exact: true }).click();
  await page.getByLabel('Passed').check();
  await page.getByLabel('Comment').fill('Fine');
  await page.getByRole('button', { name: 'Save result' }).click();
  await visitor.heading(/^Release 1/);
  await page.getByRole('heading', { name: 'Case 2', exact: true }).waitFor();
  assert.equal((await counts()).success_count, 1);
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('heading', { name: 'Case 1', exact: true }).waitFor();
  assert.equal((await counts()).success_count, 0);
  await page.getByRole('link', { name: 'Close run' }).click();
  await page.getByRole('button', { name: 'Close run' }).click();
  await page.getByRole('link', { name: 'Case 2', exact: true }).click();
  await page.getByText('The run is closed').waitFor();
  assert.equal((await counts()).is_closed, true);
  await page.getByRole('link', { name: 'Report' }).click();
  await page.getByRole('region', { name: 'Tests' }).waitFor();
  await visitor.leave();
});

test('a run keeps the text that was tested', async () => {
  const { visitor, page, project, client } = await enter('Kept', 2);
  const cases = (await client.get(`projects/${project}/cases`)).result;
  const [first, second] = cases.sort((a, b) => a.id - b.id);
  await page.goto(`/cases/edit/${first.id}`);
  await page.getByLabel('Title').fill('Another title');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await visitor.heading('Another title');
  const gone = await ask(server, `projects/${project}/cases`, {
    key: client.key,
    method: 'DELETE',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ids: [second.id] }),
  });
  assert.ok(gone.ok);
  await page.goto(`/runs/${project}`);
  await page.getByRole('link', { name: /^Release 1/ }).click();
  await page.getByRole('link', { name: 'Case 1', exact: true }).click();
  await page.getByText('The case was changed after this run took it.').waitFor();
  await page.getByRole('link', { name: 'Case 2', exact: true }).click();
  await page.getByText('The case was deleted.').waitFor();
  await visitor.leave();
});
