// Folders and cases by mouse, by keys alone, and with drafts and conflicts.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, signedIn } from './support/browser.mjs';
import { typeAtOnce } from './support/keyboard.mjs';
import { Server } from './support/server.mjs';

let browser, server;
before(async () => {
  [browser, server] = await Promise.all([launch(), Server.start({ init: true })]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function enter(name) {
  const visitor = await signedIn(browser, server);
  const project = await visitor.project(name);
  return { visitor, page: visitor.page, project };
}

test('folders are unfolded, renamed in a dialog and deleted', async () => {
  const { visitor, page, project } = await enter('Folders');
  const top = await visitor.folder(project, 'Checkout');
  await visitor.folder(project, 'Payment', top);
  await page.goto(`/repositories/${project}`);
  const tree = page.getByRole('navigation', { name: 'Folders' });
  assert.equal(await tree.getByRole('link', { name: /^Payment/ }).count(), 0, 'not fetched yet');
  await tree.getByRole('link', { name: /^Checkout/ }).focus();
  await page.keyboard.press('ArrowRight');
  await tree.getByRole('link', { name: /^Payment/ }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await visitor.heading('Payment');
  await page.getByRole('link', { name: 'Rename Payment' }).click();
  const dialog = page.getByRole('dialog', { name: 'Rename “Payment”' });
  await dialog.getByLabel('Name').fill('Paying');
  await page.keyboard.press('Enter');
  await visitor.heading('Paying');
  await page.getByRole('link', { name: 'Delete Paying' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete folder' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'Delete Paying' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete folder' }).click();
  await visitor.heading('Checkout');
  await visitor.leave();
});

test('a dialog that is still on its way is given up by Escape, and asked for twice opens once', async () => {
  const { visitor, page, project } = await enter('Slow dialogs');
  await visitor.folder(project, 'Slow');
  await page.goto(`/repositories/${project}`);
  await page.getByRole('navigation', { name: 'Folders' }).getByRole('link', { name: /^Slow/ }).click();
  await visitor.heading('Slow');
  const waiting = [];
  await page.route(/\/delete$/, (route) => waiting.push(route));
  const link = page.getByRole('link', { name: 'Delete Slow' });
  await link.click();
  await page.keyboard.press('Escape');
  await link.click();
  await link.click();
  for (let tries = 0; waiting.length < 3 && tries < 100; tries += 1) await page.waitForTimeout(50);
  await Promise.all(waiting.map((route) => route.continue().catch(() => {})));
  await page.getByRole('dialog').getByRole('button', { name: 'Delete folder' }).waitFor();
  assert.equal(await page.locator('dialog').count(), 1);
  await visitor.leave();
});

test('a case with ten steps is written without the mouse', async () => {
  const { visitor, page, project } = await enter('Steps');
  await page.goto(`/cases/new/${project}`);
  await typeAtOnce(page, 'Ten steps');
  await page.getByLabel('Action of step 1').focus();
  for (let n = 1; n <= 10; n += 1) {
    await page.keyboard.type(`do ${n}`);
    await page.keyboard.press('Tab');
    await page.keyboard.type(`see ${n}`);
    if (n < 10) await page.keyboard.press('Enter');
  }
  await page.keyboard.press('Alt+ArrowUp');
  await page.getByRole('button', { name: 'Remove step 1', exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Create case' }).focus();
  await page.keyboard.press('Enter');
  await visitor.heading('Ten steps');
  const steps = await page.locator('.case-steps > li .prose:first-child').allInnerTexts();
  assert.deepEqual(steps, ['do 2', 'do 3', 'do 4', 'do 5', 'do 6', 'do 7', 'do 8', 'do 10', 'do 9']);
  await visitor.leave();
});

for (const javaScriptEnabled of [true, false]) {
  test(`cases are read beside the list${javaScriptEnabled ? '' : ' without script'}`, async () => {
    const visitor = await signedIn(browser, server, { javaScriptEnabled });
    const { page } = visitor;
    const project = await visitor.project(`Pane ${javaScriptEnabled}`);
    for (const name of ['First', 'Second', 'Third']) {
      await page.goto(`/cases/new/${project}`);
      await page.getByLabel('Title').fill(name);
      await page.getByLabel('Action of step 1').fill(`do ${name}`);
      await page.getByRole('button', { name: 'Create case' }).click();
      await visitor.heading(name);
    }
    await page.goto(`/repositories/${project}?sort=id`);
    const pane = page.getByRole('complementary', { name: 'Case' });
    const shows = (name) => pane.getByRole('heading', { name, exact: true }).waitFor();
    await page.getByRole('link', { name: 'Second', exact: true }).click();
    await shows('Second');
    await pane.getByText('do Second').waitFor();
    await page.getByRole('link', { name: 'Third', exact: true }).click();
    await shows('Third');
    await page.goBack();
    await shows('Second');
    await page.goForward();
    await shows('Third');
    await page.reload();
    await shows('Third');
    if (javaScriptEnabled) {
      await pane.getByRole('button', { name: 'Previous case' }).click();
      await shows('Second');
      await page.getByRole('link', { name: 'Second', exact: true }).focus();
      await page.keyboard.press('ArrowUp');
      await shows('First');
      await page.keyboard.press('Escape');
    } else {
      await pane.getByRole('link', { name: 'Close' }).click();
    }
    await pane.waitFor({ state: 'hidden' });
    await page.goto(`/repositories/${project}?open=999999`);
    await page.getByRole('link', { name: 'First', exact: true }).waitFor();
    await visitor.leave();
  });
}

test('cases like the one that is written are told of while its title is typed', async () => {
  const { visitor, page, project } = await enter('Alike');
  await page.goto(`/cases/new/${project}`);
  await page.getByLabel('Title').fill('Pay by credit card');
  await page.getByRole('button', { name: 'Create case' }).click();
  await visitor.heading('Pay by credit card');
  await page.goto(`/cases/new/${project}`);
  await typeAtOnce(page, 'Pay with credit card');
  await page.getByText('A case like this is there already:').waitFor();
  await page.getByRole('link', { name: /Pay by credit card/ }).waitFor();
  await page.getByLabel('Title').fill('Refund a gift voucher');
  await page.getByText('A case like this is there already:').waitFor({ state: 'detached' });
  await visitor.leave();
});

test('a list and columns of a spreadsheet are pasted as steps, and steps are dragged', async () => {
  const { visitor, page, project } = await enter('Paste');
  await page.goto(`/cases/new/${project}`);
  await page.getByLabel('Title').fill('Pasted');
  const paste = (field, text) =>
    field.evaluate((area, words) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', words);
      area.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, text);
  await paste(page.getByLabel('Action of step 1'), '1. Open the cart\r\n2) Pay\r\n\r\n- Leave\r\n');
  await page.getByLabel('Action of step 3').waitFor();
  await page.getByRole('button', { name: 'Add step' }).click();
  await paste(page.getByLabel('Action of step 4'), 'Sign in\t"Two\nlines, ""quoted"""\nSign out\tGone\n');
  const values = (name) => page.getByLabel(name).evaluateAll((areas) => areas.map((area) => area.value));
  assert.deepEqual(await values(/^Action of step/), ['Open the cart', 'Pay', 'Leave', 'Sign in', 'Sign out']);
  assert.deepEqual(await values(/^Expected of step/), ['', '', '', 'Two\nlines, "quoted"', 'Gone']);
  await paste(page.getByLabel('Action of step 1'), 'one\ntwo');
  assert.equal((await values(/^Action of step/)).length, 5, 'a text that is there is not replaced');
  await page.locator('.step-editor .step-number').nth(4).dragTo(page.locator('.step-editor > li').nth(1), { targetPosition: { x: 60, y: 4 } });
  assert.deepEqual(await values(/^Action of step/), ['Open the cart', 'Sign out', 'Pay', 'Leave', 'Sign in']);
  await page.getByRole('button', { name: 'Create case' }).click();
  await visitor.heading('Pasted');
  await visitor.leave();
});

test('a folder that is dropped on another one asks whether it shall move there', async () => {
  const { visitor, page, project } = await enter('Drag');
  for (const name of ['Cards', 'Checkout']) await visitor.folder(project, name);
  await page.goto(`/repositories/${project}`);
  const link = (name) => page.getByRole('navigation', { name: 'Folders' }).getByRole('link', { name: new RegExp(`^${name}`) });
  await link('Cards').dragTo(link('Checkout'));
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('heading', { name: 'Move “Cards”' }).waitFor();
  assert.equal(await dialog.getByLabel('Into').evaluate((select) => select.selectedOptions[0].textContent.trim()), 'Checkout');
  await dialog.getByRole('button', { name: 'Move folder' }).click();
  await page.waitForURL(/folder=/);
  await page.goto(`/repositories/${project}`);
  await page.getByRole('navigation', { name: 'Folders' }).getByText('Folders in Checkout').waitFor({ state: 'attached' });
  await visitor.leave();
});

test('Markdown is seen as it will look, and written on', async () => {
  const { visitor, page, project } = await enter('Preview');
  await page.goto(`/cases/new/${project}`);
  const area = page.getByLabel('Preconditions');
  await area.fill('A **signed-in** shopper');
  await page.getByRole('button', { name: 'Preview of Preconditions' }).click();
  await page.getByRole('group', { name: 'As it will look' }).getByText('signed-in').waitFor();
  assert.ok(await area.isHidden());
  await page.getByRole('button', { name: 'Preview of Preconditions' }).press('Enter');
  await area.waitFor();
  assert.equal(await area.inputValue(), 'A **signed-in** shopper');
  await visitor.leave();
});

test('a draft is kept in the browser and offered again', async () => {
  const { visitor, page, project } = await enter('Drafts');
  await page.goto(`/cases/new/${project}`);
  await page.getByLabel('Title').fill('Half a case');
  await page.getByText('Draft kept in this browser').waitFor();
  page.once('dialog', (dialog) => dialog.accept());
  await page.goto(`/repositories/${project}`);
  await page.goto(`/cases/new/${project}`);
  await page.getByRole('button', { name: 'Go on with it' }).click();
  await page.locator('at-draft[data-dirty]').waitFor();
  assert.equal(await page.getByLabel('Title').inputValue(), 'Half a case');
  await page.getByRole('button', { name: 'Create case' }).click();
  await visitor.heading('Half a case');
  assert.equal(await page.evaluate(() => localStorage.length), 0, 'nothing is kept of what is saved');
  await visitor.leave();
});

test('two people change one case and lose nothing', async () => {
  const { visitor, page, project } = await enter('Conflict');
  const id = await visitor.case(project, 'Card');
  const other = await signedIn(browser, server);
  await page.goto(`/cases/edit/${id}`);
  await other.page.goto(`/cases/edit/${id}`);
  await other.page.getByLabel('Preconditions').fill('Signed in');
  await other.page.getByRole('button', { name: 'Save', exact: true }).click();
  await other.heading('Card');
  await page.getByLabel('Title').fill('Credit card');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('alert').getByText('changed this case while you were writing').waitFor();
  assert.equal(await page.getByLabel('Preconditions').inputValue(), 'Signed in');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await visitor.heading('Credit card');
  await page.getByText('Signed in').waitFor();
  await other.leave();
  await visitor.expect(409).leave();
});
