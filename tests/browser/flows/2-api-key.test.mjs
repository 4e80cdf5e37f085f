// A key for a script, as the help page of Testmo tells it: avatar, User profile, API access, change, a name, copy.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { launch, makeKey, makeProject, person, signedIn, url } from '../lib/site.mjs';

const browser = await launch();
after(() => browser.close());

/** Runs curl as a script would; its status, headers and body. */
async function curl(path, key) {
  const header = key === undefined ? [] : ['--header', `Authorization: Bearer ${key}`];
  const { stdout } = await promisify(execFile)('curl', ['--silent', '--include', ...header, `${url}${path}`]);
  const [head, body] = stdout.split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), head, body };
}

test('make a key by the visible labels alone, and use it with curl', async () => {
  const { context, page, quiet } = await signedIn(browser);
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: url });
  await page.getByRole('button', { name: person.name }).click();
  await page.getByRole('link', { name: 'User profile' }).click();
  const access = page.locator('section', { hasText: 'API access' }).last();
  await access.getByRole('link', { name: 'change' }).click();
  await page.getByRole('radio', { name: 'Everything I may do' }).check();
  await page.getByLabel('Name', { exact: true }).fill('Nightly build');
  const password = page.getByLabel('Password', { exact: true });
  if (await password.isVisible()) await password.fill(person.password);
  await page.getByRole('button', { name: 'Create key' }).click();
  await page.getByText('Copy it now. It cannot be shown again.').waitFor();
  await page.getByRole('button', { name: 'Copy', exact: true }).click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  const key = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(key, await page.getByLabel('Your API key').inputValue());
  assert.match(key, /^att_usr_[0-9A-Za-z_]{30,}$/);

  const answer = await curl('/api/v1/user', key);
  assert.equal(answer.status, 200, answer.head);
  const user = JSON.parse(answer.body).result;
  assert.equal(user.email, person.email);
  assert.equal(user.name, person.name);

  for (const bad of [undefined, `${key.slice(0, -1)}x`]) {
    const refused = await curl('/api/v1/user', bad);
    assert.equal(refused.status, 401);
    assert.match(refused.head, /^www-authenticate: bearer/im);
  }

  await page.getByRole('link', { name: 'I have stored it' }).click();
  await page.getByRole('heading', { name: 'Your keys' }).waitFor();
  assert.ok(!(await page.content()).includes(key), 'the key is shown once');
  await page.goBack();
  await page.waitForLoadState();
  assert.ok(!(await page.content()).includes(key), 'going back does not show it again');
  quiet();
});

test('rotate a key and revoke it', async () => {
  const { page, quiet } = await signedIn(browser);
  const old = await makeKey(page, 'Rotated');
  await page.goto('/users/profile/api');
  await page.getByRole('link', { name: 'Rotate Rotated' }).click();
  await page.getByRole('radio', { name: '1 hour' }).check();
  const password = page.getByLabel('Password', { exact: true });
  if (await password.isVisible()) await password.fill(person.password);
  await page.getByRole('button', { name: 'Rotate key' }).click();
  const fresh = await page.getByLabel('Your API key').inputValue();
  assert.notEqual(fresh, old);
  for (const key of [old, fresh]) assert.equal((await curl('/api/v1/user', key)).status, 200);

  await page.goto('/users/profile/api');
  const rows = page.getByRole('row', { name: 'Rotated' });
  for (let left = await rows.count(); left > 0; left -= 1) {
    await page.getByRole('link', { name: 'Revoke Rotated' }).first().click();
    await page.getByRole('button', { name: 'Revoke key' }).click();
    await page.waitForURL('**/users/profile/api*');
  }
  for (const key of [old, fresh]) assert.equal((await curl('/api/v1/user', key)).status, 401);
  quiet();
});

test('a key for reading reads and does not write; one of a project sees no other', async () => {
  const { page, quiet } = await signedIn(browser);
  const own = await makeProject(page, 'Of the key');
  const foreign = await makeProject(page, 'Foreign');
  const read = await makeKey(page, 'Reader', 'Read only');
  const write = await fetch(`${url}/api/v1/projects/${own}/automation/runs`, {
    method: 'POST',
    headers: { authorization: `Bearer ${read}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'no', source: 'no' }),
  });
  assert.equal(write.status, 403);
  assert.equal((await curl('/api/v1/projects', read)).status, 200);

  await page.goto('/users/profile/api');
  await page.getByRole('radio', { name: 'Read only' }).check();
  await page.getByLabel('Name', { exact: true }).fill('Of one project');
  await page.getByText('Only in some projects').click();
  await page.getByLabel('Of the key').check();
  await page.getByRole('button', { name: 'Create key' }).click();
  const limited = await page.getByLabel('Your API key').inputValue();
  assert.equal((await curl(`/api/v1/projects/${own}`, limited)).status, 200);
  assert.equal((await curl(`/api/v1/projects/${foreign}`, limited)).status, 404);

  await page.goto('/users/profile/api');
  await page.getByRole('radio', { name: 'Read only' }).check();
  await page.getByLabel('Name', { exact: true }).fill('Of another address');
  await page.getByText('Only from some addresses').click();
  await page.getByLabel('Addresses').fill('192.0.2.0/24');
  await page.getByRole('button', { name: 'Create key' }).click();
  assert.equal((await curl('/api/v1/user', await page.getByLabel('Your API key').inputValue())).status, 403);
  quiet();
});
