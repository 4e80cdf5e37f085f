// Every page in both themes: axe, valid HTML, three widths, no word in the console.
import { after, before, test } from 'node:test';
import { client, sendRun } from '../lib/api.mjs';
import { axe, look, valid } from '../lib/audit.mjs';
import { launch, makeKey, makeProject, person, signedIn, visitor } from '../lib/site.mjs';
import assert from 'node:assert/strict';

const browser = await launch();
after(() => browser.close());

/** Pages of somebody who is signed in: name, address. */
const pages = [
  ['projects', '/projects'],
  ['project-new', '/projects/new'],
  ['account', '/users/profile'],
  ['security', '/users/profile/security'],
  ['keys', '/users/profile/api'],
];

before(async () => {
  const { context, page } = await signedIn(browser);
  const project = await makeProject(page, 'Every page');
  const empty = await makeProject(page, 'A project without any run and with a very long name that has to be cut somewhere');
  const api = client(await makeKey(page, 'Every page'));
  const run = await sendRun(api, project, 'Nightly on main', 120);
  const running = await sendRun(api, project, 'Going on', 10, { open: true });
  const none = await sendRun(api, project, 'Without results', 0, { source: 'empty' });
  const { result } = await api.get(`automation/runs/${run}/tests?per_page=5`);
  await page.goto('/users/profile/api');
  const [rotate, revoke] = await Promise.all(
    ['Rotate Every page', 'Revoke Every page'].map((name) =>
      page.getByRole('link', { name }).first().getAttribute('href'),
    ),
  );
  const failed = result.find((one) => one.name.startsWith('fails with')) ?? result[0];
  pages.push(
    ['project', `/projects/view/${project}`],
    ['project-empty', `/projects/view/${empty}`],
    ['runs', `/automation/runs/${project}`],
    ['runs-empty', `/automation/runs/${empty}`],
    ['run', `/automation/runs/view/${run}`],
    ['run-test', `/automation/runs/view/${run}?test_id=${failed.id}`],
    ['run-running', `/automation/runs/view/${running}`],
    ['run-empty', `/automation/runs/view/${none}`],
    ['key-rotate', rotate],
    ['key-revoke', revoke],
  );
  await page.goto(`/automation/runs/view/${run}`);
  const tabs = await page.locator('.run-tabs a').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
  tabs.forEach((href, number) => pages.push([`run-tab-${number + 1}`, href]));
  await context.close();
});

for (const colorScheme of ['light', 'dark']) {
  test(`pages of somebody who is signed in, ${colorScheme}`, async () => {
    const { page, quiet } = await signedIn(browser, { colorScheme });
    for (const [name, path] of pages) {
      await page.goto(path);
      await look(page, `${name}-${colorScheme}`);
      if (colorScheme === 'light') await valid(page, path);
    }
    quiet();
  });

  test(`menus, errors and the page of a new key, ${colorScheme}`, async () => {
    const { page, quiet } = await signedIn(browser, { colorScheme });
    await page.getByRole('button', { name: person.name }).click();
    await page.getByRole('link', { name: 'User profile' }).waitFor();
    assert.deepEqual(await axe(page), [], 'axe with the menu open');
    await makeKey(page, `Look ${colorScheme}`, 'Read only');
    await look(page, `key-created-${colorScheme}`);
    await page.goto('/projects/new');
    await page.getByLabel('Name', { exact: true }).fill(' ');
    await page.getByRole('button', { name: 'Create project' }).click();
    await page.getByRole('alert').waitFor();
    await look(page, `project-new-error-${colorScheme}`);
    await page.goto('/no/such/page');
    await look(page, `not-found-${colorScheme}`);
    quiet(422, 404);
  });

  test(`the page to sign in, ${colorScheme}`, async () => {
    const { page, quiet } = await visitor(browser, { colorScheme });
    await page.goto('/login');
    await look(page, `login-${colorScheme}`);
    if (colorScheme === 'light') await valid(page, '/login');
    quiet();
  });
}
