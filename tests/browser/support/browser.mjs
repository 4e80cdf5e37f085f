// Chromium, and visitors whose every complaint is noted: console, content security policy, headers of what came.
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';
import { person } from './server.mjs';

/** Flags without which Chromium calls servers of its maker, or refuses to start as root or on a small machine. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];
/** Milliseconds after which what did not happen counts as not happening. */
const LIMIT = 15_000;

/** Starts Chromium for all tests of a file, which has to close it. */
export function launch() {
  return chromium.launch({ executablePath: process.env.ATTEST_BROWSER ?? '/usr/bin/chromium', args: FLAGS });
}

/** What is wrong with the headers of a page or of a part of one. */
function headerFaults(response) {
  const headers = response.headers();
  const policy = headers['content-security-policy'] ?? '';
  const faults = [];
  if (!policy.includes("default-src 'none'")) faults.push(`has the content security policy "${policy}"`);
  if (/unsafe-|\*|data:(?!;)(?=.*script-src)/.test(policy)) faults.push(`has a weak content security policy "${policy}"`);
  if (headers['cache-control'] !== 'no-store') faults.push(`may be stored: ${headers['cache-control']}`);
  if (headers['x-content-type-options'] !== 'nosniff') faults.push('may be sniffed');
  return faults.map((fault) => `${response.request().method()} ${response.url()} ${fault}`);
}

/** A person at a browser who shares nothing with others. `leave` closes it and fails if anything was complained about. */
export class Visitor {
  complaints = [];
  #expected = [];

  static async enter(browser, server, options = {}) {
    const visitor = new Visitor();
    visitor.server = server;
    visitor.context = await browser.newContext({
      baseURL: server.url,
      viewport: { width: 1440, height: 900 },
      reducedMotion: 'reduce',
      ...options,
    });
    visitor.context.setDefaultTimeout(LIMIT);
    visitor.context.on('console', (message) => visitor.#heard(message));
    visitor.context.on('weberror', (error) => visitor.complaints.push(`exception: ${error.error()}`));
    visitor.context.on('response', (response) => visitor.#received(response));
    visitor.page = await visitor.context.newPage();
    return visitor;
  }

  #heard(message) {
    if (['error', 'warning'].includes(message.type())) this.complaints.push(`${message.text()} (${message.location().url})`);
  }

  #received(response) {
    if (response.status() >= 500) this.complaints.push(`${response.url()} answered ${response.status()}`);
    if (['document', 'fetch', 'xhr'].includes(response.request().resourceType())) {
      this.complaints.push(...headerFaults(response));
    }
  }

  /** Answers with these statuses belong to the test; Chromium tells of them on the console. */
  expect(...statuses) {
    this.#expected.push(...statuses.map((status) => `the server responded with a status of ${status}`));
    return this;
  }

  /** Complaints with these words belong to the test. */
  expectWords(words) {
    this.#expected.push(words);
    return this;
  }

  /** Fills in and sends the sign-in form. */
  async signIn(password = person.password) {
    await this.page.goto('/login');
    await this.page.getByLabel('E-mail').fill(person.email);
    await this.page.getByLabel('Password', { exact: true }).fill(password);
    await this.page.getByRole('button', { name: 'Sign in' }).click();
  }

  /** Sets the instance up through its link, as the owner. */
  async setUp() {
    await this.page.goto(this.server.setUpLink);
    await this.page.getByLabel('Name').fill(person.name);
    await this.page.getByLabel('E-mail').fill(person.email);
    await this.page.getByLabel('Password', { exact: true }).fill(person.password);
    await this.page.getByRole('button', { name: 'Create account and sign in' }).click();
    await this.heading('Projects');
  }

  /** Makes a project by its form; returns its number. */
  async project(name) {
    await this.page.goto('/projects/new');
    await this.page.getByLabel('Name', { exact: true }).fill(name);
    await this.page.getByRole('button', { name: 'Create project' }).click();
    await this.page.waitForURL(/\/projects\/view\/\d+$/);
    return Number(this.page.url().split('/').at(-1));
  }

  /** Makes a folder by its form; returns its number. */
  async folder(project, name, within) {
    await this.page.goto(`/repositories/${project}/folders/new${within ? `?in=${within}` : ''}`);
    await this.page.getByLabel('Name', { exact: true }).fill(name);
    await this.page.getByRole('button', { name: 'Create folder' }).click();
    await this.page.waitForURL(/\?folder=\d+$/);
    return Number(new URL(this.page.url()).searchParams.get('folder'));
  }

  /** Writes a case by its form; returns its number. */
  async case(project, title, { folder = '', ...texts } = {}) {
    await this.page.goto(`/cases/new/${project}?folder=${folder}`);
    await this.page.getByLabel('Title').fill(title);
    for (const [label, text] of Object.entries(texts)) await this.page.getByLabel(label).fill(text);
    await this.page.getByRole('button', { name: 'Create case' }).click();
    await this.page.waitForURL(/\/cases\/view\/\d+$/);
    return Number(this.page.url().split('/').at(-1));
  }

  /** Makes a run of all cases by its form; returns its number. */
  async manualRun(project, name) {
    await this.page.goto(`/runs/new/${project}`);
    await this.page.getByLabel('Name', { exact: true }).fill(name);
    await this.page.getByRole('button', { name: 'Start run' }).click();
    await this.page.waitForURL(/\/runs\/view\/\d+$/);
    return Number(this.page.url().split('/').at(-1));
  }

  /** Some folders and cases, one of them changed and commented. */
  async repository(project) {
    const folder = await this.folder(project, 'Checkout');
    await this.folder(project, `Payment ${'with a long name '.repeat(5)}`, folder);
    const texts = { Preconditions: 'A **signed-in** shopper\n\n| a | b |\n|---|---|\n| 1 | 2 |', Tags: 'smoke' };
    const steps = { 'Action of step 1': 'Pay by `card`', 'Expected of step 1': 'It is *paid*' };
    const first = await this.case(project, 'Pay by card', { folder, ...texts, ...steps });
    await this.case(project, `A title ${'that goes on and on '.repeat(10)}`, { folder });
    await this.page.goto(`/cases/edit/${first}`);
    await this.page.getByLabel('Title').fill('Pay by credit card');
    await this.page.getByRole('button', { name: 'Save', exact: true }).click();
    await this.heading('Pay by credit card');
    await this.page.goto(`/cases/view/${first}?tab=comments`);
    await this.page.getByLabel('Comment').fill('Looks *good*');
    await this.page.getByRole('button', { name: 'Add comment' }).click();
    await this.page.getByText('good').waitFor();
    const greeting = { 'Action of step 1': 'Enter {{role}} and the password', 'Expected of step 1': '{{role}} is greeted' };
    const rows = await this.case(project, 'Sign in as {{role}}', greeting);
    await this.page.goto(`/cases/edit/${rows}`);
    await this.page.getByText('Data set', { exact: true }).click();
    await this.page.getByLabel('Parameters and their values').fill('role | browser\nadministrator | Firefox\nguest | Chromium\nshopper | Safari');
    await this.page.getByRole('button', { name: 'Save', exact: true }).click();
    await this.heading('Sign in as {{role}}');
    const shared = await this.sharedSteps(project, `Sign in${' as somebody with a long name'.repeat(2)}`);
    return { folder, first, rows, shared, waiting: await this.reviewed(project, folder) };
  }

  /** Shared steps, which a new case has; returns their id and that of the case. */
  async sharedSteps(project, name) {
    await this.page.goto(`/shared-steps/${project}/new`);
    await this.page.getByLabel('Name').fill(name);
    await this.page.getByLabel('Action of step 1').fill('Open the start page');
    await this.page.getByLabel('Expected of step 1').fill('It asks for a password');
    await this.page.getByRole('button', { name: 'Create shared steps' }).click();
    const link = this.page.getByRole('link', { name, exact: true });
    const id = (await link.getAttribute('href')).split('/').pop();
    const used = await this.case(project, 'Change the password', { 'Action of step 1': 'Open the profile' });
    await this.page.goto(`/cases/edit/${used}`);
    await this.page.getByRole('button', { name: 'Insert shared steps' }).click();
    await this.page.getByRole('button', { name }).click();
    await this.page.getByRole('button', { name: 'Move up step 2' }).click();
    await this.page.getByRole('button', { name: 'Save', exact: true }).click();
    await this.page.getByText('It asks for a password').waitFor();
    return { id, used };
  }

  /** A case that was approved, and waits for the review of its next text; returns its id. */
  async reviewed(project, folder) {
    const id = await this.case(project, 'Refund a card', { folder, Preconditions: 'A paid order' });
    const press = (name) => this.page.getByRole('button', { name, exact: true }).click();
    await press('Ask for review');
    await press('Approve as Active');
    await this.page.goto(`/cases/edit/${id}`);
    await this.page.getByLabel('Title').fill('Refund to the card that paid');
    await press('Save');
    await press('Ask for review');
    await this.page.getByRole('heading', { level: 2, name: 'In review' }).waitFor();
    return id;
  }

  /** Makes a key on its page; returns it as the page shows it. */
  async key(name, purpose = 'Everything I may do') {
    await this.page.goto('/users/profile/api');
    await this.page.getByRole('radio', { name: purpose }).check();
    await this.page.getByLabel('Name', { exact: true }).fill(name);
    await this.page.getByRole('button', { name: 'Create key' }).click();
    return this.shownKey();
  }

  /** The key that is shown once. */
  async shownKey() {
    const key = await this.page.getByLabel('Your API key').inputValue();
    assert.match(key, /^att_usr_[0-9A-Za-z]{38}$/);
    return key;
  }

  /** Waits for a page by its heading. */
  heading(name) {
    return this.page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
  }

  /** Fails if the browser complained about anything so far. */
  quiet() {
    const left = this.complaints.filter((text) => !this.#expected.some((part) => text.includes(part)));
    assert.deepEqual(left, [], 'the browser complains');
  }

  /** Closes the browser window; fails if the browser complained about anything. */
  async leave() {
    await this.context.close();
    this.quiet();
  }
}

/** A visitor who is signed in and looks at the projects. */
export async function signedIn(browser, server, options) {
  const visitor = await Visitor.enter(browser, server, options);
  await visitor.signIn();
  await visitor.heading('Projects');
  return visitor;
}
