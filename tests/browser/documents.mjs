// The pictures of docs/pictures, of a demo project: node tests/browser/documents.mjs
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, samples } from './support/api.mjs';
import { launch, signedIn } from './support/browser.mjs';
import { Server } from './support/server.mjs';

const folder = fileURLToPath(new URL('../../docs/pictures', import.meta.url));
const steps = (...pairs) => pairs.map(([text1, text3]) => ({ text1, text3 }));

const CASES = {
  Cart: [
    ['The cart keeps its items after signing in', steps(['Put two items into the cart', 'The cart shows two items'], ['Sign in', 'The cart still shows two items'])],
    ['A voucher lowers the total once', steps(['Enter the voucher **SAVE10**', 'The total is 10 % lower'], ['Enter it again', 'The page says that it was used'])],
    ['The cart refuses more items than there are', steps(['Ask for 1,000 pieces', 'The page names the number in stock'])],
  ],
  Payment: [
    ['Pay by card', steps(['Open the payment step', 'The cards that are accepted are shown'], ['Pay with `4111 1111 1111 1111`', 'The order is confirmed with its number'])],
    ['A declined card shows the reason of the issuer', steps(['Pay with the card that is declined', 'The reason is shown, the cart is kept'])],
    ['Address mismatch is flagged for a manual check', steps(['Use the saved card ending **3155**', 'The total reads €84.20'], ['Change the postcode to `99999` and press **Pay now**', 'The window of the issuer opens'], ['Enter the code `123456`', 'The window closes by itself'], ['Wait for the confirmation', 'The order waits for a check'])],
    ['Pay on account above the limit', steps(['Order for more than the limit', 'Another way to pay is offered'])],
  ],
  Profile: [
    ['Change the password', steps(['Enter a new password twice', 'Other devices are signed out'])],
    ['Delete the account', steps(['Confirm by the password', 'Orders stay for the accounts, the name is gone'])],
  ],
};

/** Fills a project; returns the addresses of the pictures by their names. */
async function fill(visitor, server) {
  const project = await visitor.project('Storefront (demo)');
  const client = new Client(server, server.key('Nightly build', '--scope', 'full', '--expires', '90d'));
  const made = {};
  for (const [name, cases] of Object.entries(CASES)) {
    const { id } = (await client.post(`projects/${project}/folders`, { folders: [{ name }] })).result[0];
    const rows = cases.map(([title, custom_steps], n) => ({
      name: title,
      folder_id: id,
      custom_steps,
      custom_priority: 1 + (n % 3),
      custom_preconditions: 'A **signed-in** shopper with one item in the cart.',
      estimate: 60_000_000 * (2 + n),
      tags: n % 2 ? ['checkout'] : ['smoke', 'checkout'],
    }));
    for (const row of (await client.post(`projects/${project}/cases`, { cases: rows })).result) made[row.name] = row.id;
  }
  for (let night = 0; night < 9; night += 1) {
    const tests = samples(160 + night * 5).map((test, n) => (test.status === 'failed' && (n + night) % 3 ? { ...test, status: 'passed', fields: [] } : test));
    await client.run(project, { name: 'Nightly', source: 'web', tags: ['main'], threads: [tests] });
  }
  const last = await client.run(project, { name: 'Nightly', source: 'web', tags: ['main'], threads: [samples(180), samples(60)] });
  const run = (await client.post(`projects/${project}/runs`, { name: 'Release 8.4', include_all: true })).result.id;
  const tests = (await client.get(`runs/${run}/tests`)).result;
  const results = [2, 2, 3, 2, 2].map((status_id, n) => ({ test_id: tests[n].id, status_id, elapsed: 45_000_000, note: status_id === 3 ? 'The page takes 1,000 pieces.' : undefined }));
  await client.post(`runs/${run}/tests/results/bulk`, { results });
  await client.post(`projects/${project}/runs`, { name: 'Hotfix 8.3.2', cases: Object.values(made).slice(0, 4) });
  return {
    overview: `/projects/view/${project}`,
    repository: `/repositories/${project}?open=${made['Address mismatch is flagged for a manual check']}`,
    case: `/cases/view/${made['Pay by card']}`,
    'case-edit': `/cases/edit/${made['Pay by card']}`,
    runs: `/runs/${project}`,
    execution: `/runs/view/${run}?test_id=${tests[5].id}`,
    report: `/runs/view/${run}/report`,
    'automation-run': `/automation/runs/view/${last}`,
    'api-keys': '/users/profile/api',
  };
}

mkdirSync(folder, { recursive: true });
const browser = await launch();
const server = await Server.start({ init: true });
try {
  const visitor = await signedIn(browser, server);
  for (const [name, address] of Object.entries(await fill(visitor, server))) {
    const { page } = visitor;
    await page.goto(address);
    await page.evaluate(() => document.fonts.ready);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: join(folder, `${name}-${colorScheme}.png`) });
    }
    console.log(name);
  }
} finally {
  await browser.close();
  await server.stop();
}
