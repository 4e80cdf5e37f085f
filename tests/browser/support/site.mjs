// Three instances in which every page can be seen: one that nobody set up, one with nothing in it, one full of results.
import { Client, HOSTILE, colleague, fill } from './api.mjs';
import { Visitor, signedIn } from './browser.mjs';
import { Server } from './server.mjs';

export class Site {
  /** Starts and fills the instances, and lets visitors into them with the given options of a browser window. */
  static async open(browser, options) {
    const site = new Site();
    try {
      await site.#fill(browser, options);
    } catch (error) {
      await site.close();
      throw error;
    }
    return site;
  }

  async #fill(browser, options) {
    this.fresh = await Server.start();
    this.empty = await Server.start({ init: true });
    this.full = await Server.start({ init: true });
    const key = this.full.key('Nightly build', '--scope', 'results:write', '--expires', '20d');
    this.full.key('Somebody else’s dashboard', '--scope', 'read', '--expires', 'never');
    this.visitors = {
      newcomer: await Visitor.enter(browser, this.fresh, options),
      beginner: await signedIn(browser, this.empty, options),
      stranger: await Visitor.enter(browser, this.full, options),
      owner: await signedIn(browser, this.full, options),
    };
    this.project = await this.visitors.owner.project('Web shop');
    this.bare = await this.visitors.beginner.project('Bare');
    this.runs = await fill(new Client(this.full, key), this.project);
    this.cases = await this.visitors.owner.repository(this.project);
    const { owner } = this.visitors;
    this.closed = await owner.manualRun(this.project, 'Release 8.3');
    await owner.page.getByRole('link', { name: 'Close run' }).click();
    await owner.page.getByRole('button', { name: 'Close run' }).click();
    await owner.page.getByText('Closed', { exact: true }).waitFor();
    this.manual = await owner.manualRun(this.project, `Release 8.4 ${HOSTILE}`);
    await owner.page.getByRole('link', { name: 'Pay by credit card' }).click();
    await owner.page.getByLabel('Failed').check();
    await owner.page.getByLabel('Comment').fill(`The total is **wrong**: ${HOSTILE}`);
    await owner.page.getByRole('button', { name: 'Save result' }).click();
    await owner.page.getByText('C1: Failed').waitFor();
    await this.colleague(new Client(this.full, this.full.key('Colleagues', '--scope', 'full', '--expires', '20d')));
    this.test = Number(await owner.page.locator('tr[id]').first().evaluate((row) => row.id.slice(1)));
  }

  /** A colleague gives tests to the owner, which the inbox tells. */
  async colleague(client) {
    const starter = await colleague(this.full, client);
    for (const name of ['Release 8.5', `Release 8.6 ${HOSTILE}`]) {
      await starter.post(`projects/${this.project}/runs`, { name, include_all: true, assignee_id: 1 });
    }
  }

  async close() {
    for (const visitor of Object.values(this.visitors ?? {})) await visitor.context.close();
    for (const server of [this.fresh, this.empty, this.full]) await server?.stop();
  }
}

/** Fills in a form by labels and sends it. */
async function send(page, fields, button) {
  for (const [label, text] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).fill(text);
  await page.getByRole('button', { name: button, exact: true }).click();
}

async function newKey(page, name) {
  await page.goto('/users/profile/api');
  await page.getByRole('radio', { name: 'Submit test results' }).check();
  await send(page, { Name: name }, 'Create key');
  await page.getByLabel('Your API key').waitFor();
}

/** A page that is opened by its address. */
function at(name, who, path, status = 200) {
  return { name, who, status, open: (page, site) => page.goto(typeof path === 'function' ? path(site) : path) };
}

/** A page that needs steps. */
function by(name, who, open, status = 200) {
  return { name, who, status, open };
}

const cases = (query = '') => (site) => `/repositories/${site.project}${query}`;
const one = (query = '') => (site) => `/cases/view/${site.cases.first}${query}`;
const run = (which, query = '') => (site) => `/automation/runs/view/${site.runs[which]}${query}`;
const alert = (page) => page.getByRole('alert').waitFor();

/** Every page in every state that it can be in: name, who looks, how to get there, the status of the answer. */
export const PAGES = [
  by('set-up', 'newcomer', (page, site) => page.goto(site.fresh.setUpLink)),
  by('set-up-error', 'newcomer', async (page, site) => {
    await page.goto(site.fresh.setUpLink);
    await send(page, { Name: 'A', 'E-mail': 'a@example.com', Password: 'password' }, 'Create account and sign in');
    await alert(page);
  }, 422),
  at('sign-in-new', 'newcomer', '/login'),
  at('sign-in', 'stranger', '/login'),
  by('sign-in-error', 'stranger', async (page) => {
    await page.goto('/login');
    await send(page, { 'E-mail': 'nobody@example.com', Password: 'wrong' }, 'Sign in');
    await alert(page);
  }, 422),
  at('not-found-stranger', 'stranger', '/no/such/page', 404),
  at('projects', 'owner', '/projects'),
  at('projects-new', 'owner', '/projects/new'),
  by('projects-new-error', 'owner', async (page) => {
    await page.goto('/projects/new');
    await send(page, { Name: '  ' }, 'Create project');
    await alert(page);
  }, 422),
  at('project', 'owner', (site) => `/projects/view/${site.project}`),
  at('project-empty', 'beginner', (site) => `/projects/view/${site.bare}`),
  at('runs', 'owner', (site) => `/automation/runs/${site.project}`),
  at('runs-empty', 'beginner', (site) => `/automation/runs/${site.bare}`),
  at('runs-no-match', 'owner', (site) => `/automation/runs/${site.project}?source=999`),
  at('retention', 'owner', (site) => `/automation/retention/${site.project}`),
  at('retention-source', 'owner', (site) => `/automation/retention/${site.project}?source=1`),
  at('retention-preview', 'owner', (site) => `/automation/retention/${site.project}?output_days=30&tests_days=60`),
  at('retention-error', 'owner', (site) => `/automation/retention/${site.project}?output_days=3&tests_days=x`, 422),
  at('retention-empty', 'beginner', (site) => `/automation/retention/${site.bare}`),
  at('run', 'owner', run('main')),
  by('run-test', 'owner', (page, site) => page.goto(`${run('main')(site)}?test_id=${site.runs.failed}`)),
  at('run-failures', 'owner', run('main', '?tab=failures')),
  at('run-threads', 'owner', run('main', '?tab=threads')),
  at('run-artifacts', 'owner', run('main', '?tab=artifacts')),
  at('run-info', 'owner', run('main', '?tab=info')),
  at('run-going-on', 'owner', run('open')),
  at('run-nothing', 'owner', run('none')),
  at('run-no-match', 'owner', run('open', '?show=other&after=1.999999')),
  by('run-hostile', 'owner', (page, site) => page.goto(`${run('attack')(site)}?test_id=${site.runs.attacked}`)),
  by('run-long-name', 'owner', (page, site) => page.goto(`${run('attack')(site)}?test_id=${site.runs.long}`)),
  at('run-hostile-failures', 'owner', run('attack', '?tab=failures')),
  at('run-hostile-info', 'owner', run('attack', '?tab=info')),
  at('search', 'owner', (site) => `/search?project=${site.project}&q=c`),
  at('search-nothing', 'owner', (site) => `/search?project=${site.project}&q=nowhere`),
  by('search-dialog', 'owner', async (page, site) => {
    await page.goto(`/projects/view/${site.project}`);
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog', { name: 'Search' }).waitFor();
    await page.keyboard.type('pay');
    await page.getByRole('link', { name: /Pay by credit card/ }).waitFor();
  }),
  at('repository', 'owner', cases()),
  at('repository-empty', 'beginner', (site) => `/repositories/${site.bare}`),
  at('repository-open', 'owner', (site) => cases(`?open=${site.cases.first}`)(site)),
  at('repository-groups', 'owner', cases('?group=folder')),
  at('repository-no-match', 'owner', cases('?q=nowhere')),
  at('repository-found', 'owner', cases('?q=pay&sort=-name')),
  at('repository-folder', 'owner', (site) => cases(`?folder=${site.cases.folder}`)(site)),
  by('repository-picked', 'owner', async (page, site) => {
    await page.goto(cases()(site));
    await page.getByRole('checkbox', { name: 'Pick C1', exact: true }).check();
    await page.getByRole('button', { name: 'Change' }).waitFor();
  }),
  by('repository-views', 'owner', async (page, site) => {
    await page.goto(`/views/${site.project}/new?q=pay`);
    await send(page, { Name: 'Payment, shared with everybody' }, 'Save view');
    await page.getByRole('navigation', { name: 'Saved views' }).waitFor();
  }),
  by('repository-columns', 'owner', async (page, site) => {
    await page.goto(cases('?column=state')(site));
    await page.getByText('Columns and groups', { exact: true }).click();
    await page.getByRole('button', { name: 'Show these' }).waitFor();
  }),
  at('view-new', 'owner', (site) => `/views/${site.project}/new?q=card`),
  at('bulk-change', 'owner', (site) => `/cases/bulk/${site.project}/change?all=yes`),
  at('bulk-tag', 'owner', (site) => `/cases/bulk/${site.project}/tag?case=${site.cases.first}`),
  at('bulk-delete', 'owner', (site) => `/cases/bulk/${site.project}/delete?case=${site.cases.first}`),
  at('bulk-none', 'owner', (site) => `/cases/bulk/${site.project}/change`),
  by('bulk-error', 'owner', async (page, site) => {
    await page.goto(`/cases/bulk/${site.project}/change?all=yes`);
    await send(page, { Estimate: 'soon' }, await page.getByRole('button', { name: /^Change/ }).innerText());
    await alert(page);
  }, 422),
  at('folder-new', 'owner', cases('/folders/new')),
  at('folder-move', 'owner', (site) => `/repositories/folders/${site.cases.folder}/move`),
  at('folder-delete', 'owner', (site) => `/repositories/folders/${site.cases.folder}/delete`),
  by('folder-dialog', 'owner', async (page, site) => {
    await page.goto(cases(`?folder=${site.cases.folder}`)(site));
    await page.getByRole('link', { name: /^Rename/ }).click();
    await page.getByRole('dialog').getByLabel('Name').waitFor();
  }),
  by('folder-error', 'owner', async (page, site) => {
    await page.goto(cases('/folders/new')(site));
    await send(page, { Name: '  ' }, 'Create folder');
    await alert(page);
  }, 422),
  at('case', 'owner', one()),
  at('case-data', 'owner', (site) => `/cases/view/${site.cases.rows}`),
  at('case-data-edit', 'owner', (site) => `/cases/edit/${site.cases.rows}`),
  by('case-similar', 'owner', async (page, site) => {
    await page.goto(`/cases/new/${site.project}`);
    await page.getByLabel('Title').pressSequentially('Pay with credit card');
    await page.getByText('A case like this is there already:').waitFor();
  }),
  at('case-shared', 'owner', (site) => `/cases/view/${site.cases.shared.used}`),
  at('case-shared-edit', 'owner', (site) => `/cases/edit/${site.cases.shared.used}`),
  by('case-shared-insert', 'owner', async (page, site) => {
    await page.goto(`/cases/edit/${site.cases.shared.used}`);
    await page.getByRole('button', { name: 'Insert shared steps' }).click();
  }),
  at('shared-steps', 'owner', (site) => `/shared-steps/${site.project}`),
  at('shared-steps-empty', 'beginner', (site) => `/shared-steps/${site.bare}`),
  at('shared-steps-new', 'owner', (site) => `/shared-steps/${site.project}/new`),
  at('shared-steps-edit', 'owner', (site) => `/shared-steps/edit/${site.cases.shared.id}`),
  at('shared-steps-delete', 'owner', (site) => `/shared-steps/delete/${site.cases.shared.id}`),
  at('case-review', 'owner', (site) => `/cases/view/${site.cases.waiting}`),
  at('case-history', 'owner', one('?tab=history')),
  at('case-comments', 'owner', one('?tab=comments')),
  at('case-delete', 'owner', (site) => `/cases/delete/${site.cases.first}`),
  at('case-new', 'owner', (site) => `/cases/new/${site.project}`),
  at('case-edit', 'owner', (site) => `/cases/edit/${site.cases.first}`),
  by('case-error', 'owner', async (page, site) => {
    await page.goto(`/cases/new/${site.project}`);
    await send(page, { Title: '  ', Estimate: 'soon' }, 'Create case');
    await alert(page);
  }, 422),
  at('manual-runs', 'owner', (site) => `/runs/${site.project}`),
  at('manual-runs-closed', 'owner', (site) => `/runs/${site.project}?closed=yes`),
  at('manual-runs-empty', 'beginner', (site) => `/runs/${site.bare}`),
  at('manual-new', 'owner', (site) => `/runs/new/${site.project}`),
  at('manual-new-none', 'beginner', (site) => `/runs/new/${site.bare}`),
  by('manual-new-error', 'owner', async (page, site) => {
    await page.goto(`/runs/new/${site.project}`);
    await send(page, { Name: '  ' }, 'Start run');
    await alert(page);
  }, 422),
  at('manual-run', 'owner', (site) => `/runs/view/${site.manual}`),
  at('manual-test', 'owner', (site) => `/runs/view/${site.manual}?test_id=${site.test}`),
  by('manual-steps', 'owner', async (page, site) => {
    await page.goto(`/runs/view/${site.manual}`);
    await page.getByRole('link', { name: 'Sign in as guest', exact: true }).click();
    await page.getByLabel('Status of step 1').selectOption('Failed');
  }),
  at('manual-nothing', 'owner', (site) => `/runs/view/${site.manual}?show=mine`),
  at('manual-closed', 'owner', (site) => `/runs/view/${site.closed}`),
  at('manual-close', 'owner', (site) => `/runs/view/${site.manual}/close`),
  at('manual-report', 'owner', (site) => `/runs/view/${site.manual}/report`),
  at('inbox', 'owner', '/inbox'),
  at('inbox-undo', 'owner', '/inbox?show=all&read=1'),
  at('inbox-empty', 'beginner', '/inbox'),
  at('inbox-empty-all', 'beginner', '/inbox?show=all'),
  at('notifications', 'owner', '/users/profile/notifications'),
  at('not-found', 'owner', '/automation/runs/view/999999', 404),
  at('account', 'owner', '/users/profile'),
  by('account-error', 'owner', async (page) => {
    await page.goto('/users/profile');
    await send(page, { 'Time zone': 'no such zone!' }, 'Save');
    await alert(page);
  }, 422),
  at('security', 'owner', '/users/profile/security'),
  by('security-error', 'owner', async (page) => {
    await page.goto('/users/profile/security');
    await send(page, { 'Password now': 'wrong', 'New password': 'short' }, 'Change password');
    await alert(page);
  }, 422),
  at('keys', 'owner', '/users/profile/api'),
  at('keys-empty', 'beginner', '/users/profile/api'),
  by('keys-error', 'owner', async (page) => {
    await page.goto('/users/profile/api');
    await page.getByRole('radio', { name: 'Read only' }).check();
    await page.getByText('Only from some addresses').click();
    await send(page, { Name: '  ', Addresses: 'nowhere' }, 'Create key');
    await alert(page);
  }, 422),
  by('key-created', 'owner', (page, site) => newKey(page, `Nightly build ${(site.keys = (site.keys ?? 0) + 1)}`)),
  by('key-revoke', 'owner', async (page) => {
    await page.goto('/users/profile/api');
    await page.getByRole('link', { name: /^Revoke/ }).first().click();
    await page.getByRole('button', { name: 'Revoke key' }).waitFor();
  }),
  by('key-rotate', 'owner', async (page) => {
    await page.goto('/users/profile/api');
    await page.getByRole('link', { name: /^Rotate/ }).first().click();
    await page.getByRole('button', { name: 'Rotate key' }).waitFor();
  }),
  at('api-users-empty', 'beginner', '/admin/api-users'),
  at('api-users-new', 'owner', '/admin/api-users/new'),
  by('api-users-error', 'owner', async (page) => {
    await page.goto('/admin/api-users/new');
    await page.getByRole('radio', { name: /^Case writer/ }).check();
    await send(page, { Name: ' ', 'What is it for?': ' ', 'Key name': ' ' }, 'Create API user and key');
    await alert(page);
  }, 422),
  by('api-user-created', 'owner', async (page, site) => {
    await page.goto('/admin/api-users/new');
    await page.getByRole('radio', { name: /^Results submitter/ }).check();
    await page.getByLabel('Web shop', { exact: true }).check();
    const name = `CI pipelines ${(site.robots = (site.robots ?? 0) + 1)}`;
    await send(page, { Name: name, 'What is it for?': 'Sends every build', 'Key name': 'main branch' }, 'Create API user and key');
    await page.getByLabel('Your API key').waitFor();
  }),
  at('api-users', 'owner', '/admin/api-users'),
  at('api-user', 'owner', '/admin/api-users/3'),
  at('api-user-key', 'owner', '/admin/api-users/3/keys/new'),
  by('api-user-rotate', 'owner', async (page) => {
    await page.goto('/admin/api-users/3');
    await page.getByRole('link', { name: /^Rotate/ }).first().click();
    await page.getByRole('button', { name: 'Rotate key' }).waitFor();
  }),
  at('api-user-deactivate', 'owner', '/admin/api-users/3/deactivate'),
  at('admin-keys', 'owner', '/admin/api-keys'),
  at('admin-keys-empty', 'beginner', '/admin/api-keys'),
  at('admin-keys-no-match', 'owner', '/admin/api-keys?show=unused&q=nowhere'),
  by('admin-keys-whole', 'owner', async (page) => {
    await page.goto('/admin/api-keys');
    await send(page, { 'Name, owner or last four characters': `att_usr_${'0'.repeat(38)}` }, 'Search');
    await alert(page);
  }),
  at('admin-key', 'owner', '/admin/api-keys/1'),
  at('admin-key-revoke', 'owner', '/admin/api-keys/revoke?key=1&key=2'),
  by('admin-key-revoke-error', 'owner', async (page) => {
    await page.goto('/admin/api-keys/revoke?key=1');
    await send(page, { Reason: '  ' }, 'Revoke key');
    await alert(page);
  }, 422),
  at('admin-key-found', 'owner', '/admin/api-keys/found'),
  by('admin-key-found-error', 'owner', async (page) => {
    await page.goto('/admin/api-keys/found');
    await send(page, { 'The key': 'att_usr_nothing' }, 'Find key');
    await alert(page);
  }, 422),
  by('menu-of-user', 'owner', async (page) => {
    await page.goto('/projects');
    await page.locator('button[popovertarget=user-menu]').click();
    await page.getByRole('link', { name: 'User profile' }).waitFor();
  }),
  by('menu-of-projects', 'owner', async (page, site) => {
    await page.goto(`/projects/view/${site.project}`);
    // On a narrow window the sidebar comes first.
    const switcher = page.locator('button[popovertarget=project-menu]');
    if (!(await switcher.isVisible())) await page.getByRole('button', { name: 'Menu', exact: true }).click();
    await switcher.click();
    await page.getByRole('link', { name: 'All projects' }).waitFor();
  }),
];
