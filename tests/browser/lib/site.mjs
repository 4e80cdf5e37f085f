// The server that the flows talk to, and a browser that notices everything it complains about.
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

function setting(name) {
  const value = process.env[name];
  assert.ok(value, `${name} is not set: run \`cargo xtask test browser\``);
  return value;
}

/** Address of the server, without a slash at its end. */
export const url = setting('ATTEST_URL');
/** The link that sets it up, once. */
export const setUpLink = setting('ATTEST_SETUP');
/** The person who sets it up. */
export const person = {
  name: setting('ATTEST_NAME'),
  email: setting('ATTEST_EMAIL'),
  password: setting('ATTEST_PASSWORD'),
};
/** Folder for pictures of pages. */
export const pictures = setting('ATTEST_PICTURES');

/** Milliseconds after which something that did not happen counts as not happening. */
const LIMIT = 15_000;

/** Flags without which Chromium calls servers of its maker, or refuses to start as root or in a small machine. */
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

/** Starts Chromium for all tests of a file, which has to close it. */
export function launch() {
  return chromium.launch({ executablePath: setting('ATTEST_BROWSER'), args: FLAGS });
}

/**
 * A new person at a browser: nothing is kept of others. Whatever the console or the content security policy says is
 * noted, and `quiet()` fails if it was anything but the answers that a test expects, given by their status.
 */
export async function visitor(browser, options = {}) {
  const context = await browser.newContext({ baseURL: url, viewport: { width: 1440, height: 900 }, ...options });
  context.setDefaultTimeout(LIMIT);
  const page = await context.newPage();
  const complaints = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('response', (response) => {
    if (response.status() >= 500) complaints.push(`${response.url()} answered ${response.status()}`);
  });
  const quiet = (...expected) => {
    const left = complaints.filter((text) => !expected.some((status) => text.includes(`status of ${status}`)));
    assert.deepEqual(left, []);
  };
  return { context, page, quiet };
}

/** A visitor who is signed in and looks at the projects. */
export async function signedIn(browser, options = {}) {
  const visit = await visitor(browser, options);
  await signIn(visit.page);
  await visit.page.waitForURL('**/projects');
  return visit;
}

/** Fills in and sends the sign-in form. */
export async function signIn(page, password = person.password) {
  await page.goto('/login');
  await page.getByLabel('E-mail').fill(person.email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Makes an API key on its page, for everything unless `purpose` is another; returns it as it is shown. */
export async function makeKey(page, name, purpose = 'Everything I may do') {
  await page.goto('/users/profile/api');
  await page.getByRole('radio', { name: purpose }).check();
  await page.getByLabel('Name', { exact: true }).fill(name);
  const password = page.getByLabel('Password', { exact: true });
  if (await password.isVisible()) await password.fill(person.password);
  await page.getByRole('button', { name: 'Create key' }).click();
  return page.getByLabel('Your API key').inputValue();
}

/** Makes a project on its page and returns its number. */
export async function makeProject(page, name) {
  await page.goto('/projects/new');
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByRole('button', { name: 'Create project' }).click();
  await page.waitForURL(/\/projects\/view\/\d+/);
  return Number(page.url().match(/\/view\/(\d+)/)[1]);
}
