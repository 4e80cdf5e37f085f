// Attacks in every text that people and machines write, and in names of files: no page that shows them runs one.
// ATTEST_PAYLOADS says how many attacks there are.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, ask } from './support/api.mjs';
import { launch, signedIn } from './support/browser.mjs';
import { payloads } from './support/payloads.mjs';
import { Server } from './support/server.mjs';

const COUNT = Number(process.env.ATTEST_PAYLOADS ?? 30);
/** Pages that are opened for each attack, and at least. */
const PAGES = 6 * COUNT + 60;

let browser, server, client;
before(async () => {
  [browser, server] = await Promise.all([launch(), Server.start({ init: true })]);
  client = new Client(server, server.key('Import', '--scope', 'full', '--expires', '1d'));
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** A resource of our own part of the API. */
const ours = (path, body) => client.post(`../attest/v1/${path}`, body);

/** Names have one line and an end. */
const line = (text, most = 90) => text.replace(/[\n\r\u2028\u202e]/g, ' ').slice(0, most).trim();

async function attack(project, text, n) {
  const name = line(text, 750);
  const short = `${n} ${line(text).replaceAll(',', ';')}`;
  const folder = (await client.post(`projects/${project}/folders`, { folders: [{ name: `${n} ${line(text, 200)}`, docs: text }] })).result[0].id;
  const shared = (await ours(`projects/${project}/shared-steps`, { name: short, steps: [{ text1: text, text3: text }] })).result.id;
  const steps = [{ text1: text, text2: text, text3: text, text4: text }, { shared_steps_id: shared }];
  const issues = [];
  const one = { name, folder_id: folder, tags: [line(text, 60).replaceAll(',', ';')], custom_preconditions: text, custom_steps: steps, issues };
  const made = (await client.post(`projects/${project}/cases`, { cases: [one] })).result[0].id;
  await ours(`cases/${made}/comments`, { text });
  const form = new FormData();
  form.append('file', new Blob([text], { type: 'text/html' }), `${line(text, 60).replaceAll(/["\\/]/g, '')}.html`);
  await ask(server, `cases/${made}/attachments`, { method: 'POST', key: client.key, body: form });
  const run = (await client.post(`projects/${project}/runs`, { name, note: text, cases: [made], tags: [short] })).result.id;
  const tests = (await client.get(`runs/${run}/tests`)).result;
  await client.post(`runs/${run}/tests/${tests[0].id}/results`, { status_id: 2, note: text });
  await client.post(`projects/${project}/milestones`, { name, note: line(text, 200) });
  await client.post(`projects/${project}/sessions`, { name, note: text });
  const fields = [1, 2, 3, 4, 5].map((type) => ({ type, name, value: text, is_highlight: true, meta: { message: text } }));
  const note = line(text, 80);
  const test = { key: `${n}`, name, folder: name, file: name, status: 'failed', fields, artifacts: [{ name, url: text, note }] };
  await client.run(project, { name, source: short, tags: [short], fields, threads: [[test]], links: [{ name, url: text, note }] });
}

/** Opens pages from links to links, and says what ran. */
async function crawl(visitor, first) {
  const { page } = visitor;
  const seen = new Set(first);
  const open = [...first];
  const ran = [];
  let count = 0;
  while (open.length && count < PAGES) {
    const path = open.shift();
    count += 1;
    const answer = await page.goto(path);
    assert.ok(answer.status() < 400, `${path} answered ${answer.status()}`);
    const found = await page.evaluate(() => ({
      ran: globalThis.ran ?? [],
      links: [...document.querySelectorAll('a[href]')].map((a) => a.getAttribute('href')),
    }));
    ran.push(...found.ran.map((n) => `attack ${n} on ${path}`));
    for (const raw of found.links) {
      assert.doesNotMatch(raw, /^\s*(javascript|data|vbscript):/i, path);
      if (!URL.canParse(raw, page.url())) continue;
      const url = new URL(raw, page.url());
      const next = url.pathname + url.search;
      // What deletes or changes asks first, so these pages are safe to open; files and exports are no pages.
      if (url.origin !== server.url || seen.has(next) || /^\/(api|assets|attachments)\/|export|logout/.test(next)) continue;
      seen.add(next);
      open.push(next);
    }
  }
  return { ran, count };
}

test('the attacks do run where nothing keeps them from it', async () => {
  const page = await browser.newPage();
  const ran = new Set();
  for (const text of payloads(COUNT)) {
    await page.setContent(`<!doctype html><title>open</title><p>${text}</p>`).catch(() => {});
    await page.waitForTimeout(20);
    for (const n of await page.evaluate(() => globalThis.ran ?? []).catch(() => [])) ran.add(n);
  }
  await page.close();
  assert.ok(ran.size >= COUNT / 3, `${ran.size} of ${COUNT} ran`);
});

test('no attack in any text runs on any page', { timeout: 3_600_000 }, async () => {
  const visitor = await signedIn(browser, server);
  const project = await visitor.project('Web shop');
  const all = payloads(COUNT);
  assert.equal(all.length, COUNT);
  for (const [n, text] of all.entries()) await attack(project, text, n);
  await ours('roles', { name: line(all[0]) });
  await ours('groups', { name: line(all[1]) });
  const lists = ['repositories', 'runs', 'automation/runs', 'shared-steps', 'cases/new', 'runs/new'].map((path) => `/${path}/${project}`);
  const own = [`/projects/view/${project}`, '/projects', `/search?project=${project}&q=ran`, '/users/profile', '/admin/api-keys', '/admin/api-users'];
  const cases = (await client.get(`projects/${project}/cases?per_page=100`)).result.map((one) => one.id);
  const each = cases.flatMap((id) => [`/cases/view/${id}`, `/cases/view/${id}?tab=comments`, `/cases/edit/${id}`]);
  const { ran, count } = await crawl(visitor, [...lists, ...own, ...each]);
  assert.deepEqual(ran, []);
  assert.ok(count >= each.length + lists.length + own.length, `${count} pages`);
  // The visitor fails on any message of the content security policy.
  await visitor.leave();
});
