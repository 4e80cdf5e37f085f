// The first minutes: the set-up link, signing out and in again. The other flows need the person who is made here.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { look } from '../lib/audit.mjs';
import { launch, person, setUpLink, signIn, visitor } from '../lib/site.mjs';

const browser = await launch();
after(() => browser.close());

test('the set-up link makes the first account, once', async () => {
  for (const colorScheme of ['dark', 'light']) {
    const visit = await visitor(browser, { colorScheme });
    await visit.page.goto(setUpLink);
    await look(visit.page, `set-up-${colorScheme}`);
    visit.quiet();
    await visit.context.close();
  }
  const { context, page, quiet } = await visitor(browser);
  await page.goto(setUpLink);
  await page.getByLabel('Name').fill(person.name);
  await page.getByLabel('E-mail').fill(person.email);
  await page.getByLabel('Password', { exact: true }).fill('short');
  await page.getByRole('button', { name: 'Create account and sign in' }).click();
  await page.getByRole('alert').waitFor();
  assert.equal(await page.getByLabel('Name').inputValue(), person.name, 'what was typed is kept');
  assert.equal(await page.getByLabel('Password', { exact: true }).inputValue(), '', 'but for the password');
  await look(page, 'set-up-error-light');

  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.getByRole('button', { name: 'Create account and sign in' }).click();
  await page.waitForURL('**/projects');
  await page.getByRole('heading', { name: 'Projects', exact: true }).waitFor();
  quiet(422);
  await context.close();

  const late = await visitor(browser);
  const answer = await late.page.goto(setUpLink);
  assert.ok(answer.status() >= 400 || !late.page.url().includes('/setup/'), `answered ${answer.status()}`);
  assert.equal(await late.page.getByLabel('Password', { exact: true }).count() && late.page.url().includes('/setup/'), 0);
});

test('signing out and in again', async () => {
  const { page, quiet } = await visitor(browser);
  await signIn(page, 'not the password at all');
  await page.getByRole('alert').waitFor();
  assert.equal(await page.getByLabel('E-mail').inputValue(), person.email);
  const wrong = await page.getByRole('alert').innerText();
  await page.getByLabel('E-mail').fill('nobody@example.com');
  await page.getByLabel('Password', { exact: true }).fill('not the password at all');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').waitFor();
  assert.equal(await page.getByRole('alert').innerText(), wrong, 'nothing tells who has an account');

  await signIn(page);
  await page.waitForURL('**/projects');
  await page.getByRole('button', { name: `User menu of ${person.name}` }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL('**/login*');
  await page.goto('/projects');
  await page.waitForURL('**/login*');
  quiet(401, 403, 422);
});
