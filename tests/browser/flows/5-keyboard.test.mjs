// The keyboard alone: signing in, the menu, the way to a key, and always a visible focus.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { launch, person, signedIn, visitor } from '../lib/site.mjs';

const browser = await launch();
after(() => browser.close());

/** Tabs until an element of this role and name has the focus; each step has to be seen. */
async function tabTo(page, role, name) {
  const target = page.getByRole(role, { name });
  for (let step = 0; step < 80; step += 1) {
    await page.keyboard.press('Tab');
    const drawn = await page.evaluate(() => {
      const at = document.activeElement;
      if (!at || at === document.body) return true;
      const focus = (element) => {
        const style = getComputedStyle(element);
        return style.outlineStyle !== 'none' || style.boxShadow !== 'none';
      };
      // Choices that are drawn by their label show the focus there.
      return focus(at) || (at.closest('label') !== null && focus(at.closest('label')));
    });
    assert.ok(drawn, `the focus is not drawn on ${await page.evaluate(() => document.activeElement.outerHTML)}`);
    if (await target.first().evaluate((element) => element === document.activeElement).catch(() => false)) return;
  }
  assert.fail(`no ${role} ${name} within 80 steps`);
}

test('sign in, and find the way to a new key', async () => {
  const { page, quiet } = await visitor(browser);
  await page.goto('/login');
  await page.keyboard.type(person.email);
  await page.keyboard.press('Tab');
  await page.keyboard.type(person.password);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/projects');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to content');
  await tabTo(page, 'button', `User menu of ${person.name}`);
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'User profile' }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/users/profile');
  await tabTo(page, 'link', 'change');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/users/profile/api');
  await tabTo(page, 'radio', 'Submit test results');
  await page.keyboard.press('Space');
  await tabTo(page, 'textbox', 'Name');
  await page.keyboard.type('By keyboard');
  await tabTo(page, 'button', 'Create key');
  await page.keyboard.press('Enter');
  await page.getByLabel('Your API key').waitFor();
  quiet();
});

test('Escape closes the menu and gives the focus back', async () => {
  const { page, quiet } = await signedIn(browser);
  const button = page.getByRole('button', { name: `User menu of ${person.name}` });
  await button.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'User profile' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'User profile' }).waitFor({ state: 'hidden' });
  assert.ok(await button.evaluate((element) => element === document.activeElement));
  quiet();
});
