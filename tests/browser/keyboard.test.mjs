// The whole way by the keyboard alone: no mouse, and what has the focus is always to be seen.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, ask, samples } from './support/api.mjs';
import { Visitor, launch, signedIn } from './support/browser.mjs';
import { enter, press, tabTo, type, typeAtOnce } from './support/keyboard.mjs';
import { Server, person } from './support/server.mjs';

let browser, server;
before(async () => {
  [browser, server] = await Promise.all([launch(), Server.start()]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test('set up, make a project and a key, revoke it', async () => {
  const visitor = await Visitor.enter(browser, server, { permissions: ['clipboard-read', 'clipboard-write'] });
  const { page } = visitor;
  await page.goto(server.setUpLink);
  // The first field has the focus already.
  await typeAtOnce(page, person.name);
  await type(page, /^E-mail/, person.email);
  await type(page, /^Password/, person.password);
  await enter(page, /^Create account and sign in$/);

  await visitor.heading('Projects');
  await enter(page, /^New project$/);
  await visitor.heading('New project');
  await typeAtOnce(page, 'By keyboard');
  await enter(page, /^Create project$/);
  await visitor.heading('By keyboard');

  await tabTo(page, new RegExp(person.name));
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'User profile' }).waitFor();
  assert.match(await press(page, 'End'), /^Sign out$/);
  assert.match(await press(page, 'Home'), /^User profile$/);
  await press(page, 'ArrowDown');
  assert.match(await press(page, 'ArrowUp'), /^User profile$/);
  await page.keyboard.press('Enter');
  await visitor.heading('Account');
  await enter(page, /^change$/);
  await visitor.heading('API keys');
  await tabTo(page, /^(Submit test results|.*results)/);
  await press(page, 'ArrowDown');
  await press(page, 'ArrowUp');
  await page.keyboard.press('Space');
  assert.ok(await page.getByRole('radio', { name: 'Submit test results' }).isChecked());
  await type(page, /^Name$/, 'Keyboard key');
  await enter(page, /^Create key$/);
  const key = await visitor.shownKey();
  await tabTo(page, /^Copy$/);
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Copied', exact: true }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), key);
  assert.equal((await ask(server, 'user', { key })).status, 200);

  await enter(page, /^I have stored it$/);
  await visitor.heading('API keys');
  await enter(page, /^Revoke Keyboard key$/);
  await visitor.heading('Revoke “Keyboard key”?');
  await enter(page, /^Revoke key$/);
  await page.getByText('“Keyboard key” is revoked.').waitFor();
  assert.equal((await ask(server, 'user', { key })).status, 401);
  await visitor.leave();
});

test('the menu closes by Escape and gives the focus back', async () => {
  const visitor = await signedIn(browser, server);
  const { page } = visitor;
  await tabTo(page, new RegExp(person.name));
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'User profile' }).waitFor();
  assert.ok(new RegExp(person.name).test(await press(page, 'Escape')), 'the focus is where it was');
  assert.ok(!(await page.getByRole('link', { name: 'User profile' }).isVisible()));
  await visitor.leave();
});

test('the first stop of a page skips to its content', async () => {
  const visitor = await signedIn(browser, server);
  const { page } = visitor;
  await page.goto('/users/profile');
  assert.equal(await press(page, 'Tab'), 'Skip to content');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'main');
  await visitor.leave();
});

test('a failed test is read and left again, from row to row', async () => {
  const visitor = await signedIn(browser, server);
  const { page } = visitor;
  const project = await visitor.project('Rows');
  const client = new Client(server, await visitor.key('For rows'));
  const run = await client.run(project, { name: 'Rows', source: 'rows', threads: [samples(60)] });
  await page.goto(`/automation/runs/view/${run}`);
  await tabTo(page, /^pays with card number 3$/);
  await page.keyboard.press('Enter');
  await page.getByRole('complementary', { name: 'Test' }).getByText('checkout.spec.ts:3:0').waitFor();
  await press(page, 'ArrowDown');
  await page.getByRole('complementary', { name: 'Test' }).getByText('checkout.spec.ts:13:0').waitFor();
  await press(page, 'k');
  await page.getByRole('complementary', { name: 'Test' }).getByText('checkout.spec.ts:3:0').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('complementary', { name: 'Test' }).waitFor({ state: 'hidden' });
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'pays with card number 3');
  await enter(page, /^Failures/);
  await page.getByRole('region', { name: 'Failures by message' }).waitFor();
  await enter(page, /^Threads/);
  await page.getByRole('table').first().waitFor();
  await visitor.leave();
});

test('every stop of every page is to be seen', async () => {
  const visitor = await signedIn(browser, server);
  const { page } = visitor;
  for (const path of ['/projects', '/projects/new', '/projects/view/1', '/automation/runs/1', '/automation/runs/2', '/users/profile', '/users/profile/security', '/users/profile/api']) {
    await page.goto(path);
    const stops = new Set();
    // Once around: until the first stop comes again.
    for (let presses = 0; presses < 120; presses += 1) {
      const words = await press(page, 'Tab');
      if (words === 'Skip to content' && stops.has(words)) break;
      stops.add(words);
    }
    assert.ok(stops.size > 5 && stops.has('Skip to content'), `${path}: ${[...stops].join(' | ')}`);
  }
  await visitor.leave();
});
