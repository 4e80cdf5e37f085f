// Signing in and out, on one device and another.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Visitor, launch, signedIn } from './support/browser.mjs';
import { Server, person } from './support/server.mjs';

let browser, server;
before(async () => {
  [browser, server] = await Promise.all([launch(), Server.start({ init: true })]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** The cookie of the session. */
async function session(visitor) {
  return (await visitor.context.cookies()).find((cookie) => cookie.name.endsWith('att_sid'));
}

test('a wrong password says the same as an unknown person', async () => {
  const visitor = await Visitor.enter(browser, server);
  const { page } = visitor;
  const words = [];
  for (const email of [person.email, 'nobody@example.com']) {
    await page.goto('/login');
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password', { exact: true }).fill('not the password at all');
    await page.getByRole('button', { name: 'Sign in' }).click();
    words.push(await page.getByRole('alert').innerText());
    assert.equal(await page.getByLabel('E-mail').inputValue(), email, 'the address is kept');
    assert.equal(await page.getByLabel('Password', { exact: true }).inputValue(), '', 'the password is not');
  }
  assert.equal(words[0], words[1]);
  assert.equal(await session(visitor), undefined);
  await visitor.expect(422).leave();
});

test('signing in leads to where one wanted to go', async () => {
  const visitor = await Visitor.enter(browser, server);
  const { page } = visitor;
  await page.goto('/users/profile/security');
  await page.waitForURL('**/login?next=*');
  await page.getByLabel('E-mail').fill(person.email);
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await visitor.heading('Security');
  const cookie = await session(visitor);
  assert.equal(cookie.expires, -1, 'the session ends with the browser');
  assert.ok(cookie.httpOnly);
  assert.equal(cookie.sameSite, 'Lax');
  await page.goto('/login?next=https://evil.example/');
  await visitor.heading('Projects');
  await visitor.leave();
});

test('who stays signed in is so after the browser was closed', async () => {
  const visitor = await Visitor.enter(browser, server);
  const { page } = visitor;
  await page.goto('/login');
  await page.getByLabel('E-mail').fill(person.email);
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.getByLabel(/^Stay signed in/).check();
  await page.getByRole('button', { name: 'Sign in' }).click();
  await visitor.heading('Projects');
  const days = ((await session(visitor)).expires - Date.now() / 1000) / 86_400;
  assert.ok(days > 1 && days < 400, `for ${days} days`);
  // A browser that is opened again has only the cookies that last.
  const state = await visitor.context.storageState();
  state.cookies = state.cookies.filter((cookie) => cookie.expires > 0);
  await visitor.leave();
  const again = await Visitor.enter(browser, server, { storageState: state });
  await again.page.goto('/projects');
  await again.heading('Projects');
  await again.leave();
});

test('after signing out, Back shows nothing private', async () => {
  const visitor = await signedIn(browser, server);
  const { page } = visitor;
  await page.goto('/users/profile');
  await page.getByRole('main').getByText(`You sign in as ${person.email}`).waitFor();
  await page.getByRole('button', { name: person.name }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await visitor.heading('Sign in to Attest');
  await page.goBack();
  await visitor.heading('Sign in to Attest');
  assert.ok(!(await page.content()).includes(person.email));
  await page.goto('/projects');
  await visitor.heading('Sign in to Attest');
  await visitor.leave();
});

test('another device is signed out from here', async () => {
  const here = await signedIn(browser, server);
  const there = await signedIn(browser, server, { userAgent: 'Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0' });
  await here.page.goto('/users/profile/security');
  await here.page.getByRole('button', { name: /^Sign out .*Firefox/ }).click();
  await here.page.getByText('The device is signed out.').waitFor();
  await there.page.goto('/projects');
  await there.heading('Sign in to Attest');

  await there.signIn();
  await there.heading('Projects');
  await here.page.goto('/users/profile/security');
  await here.page.getByRole('button', { name: 'Sign out the others' }).click();
  await here.page.getByText('All other devices are signed out.', { exact: true }).waitFor();
  await there.page.reload();
  await there.heading('Sign in to Attest');
  await there.leave();
  await here.leave();
});

test('a new password signs other devices out and is the one that counts', async () => {
  const here = await signedIn(browser, server);
  const there = await signedIn(browser, server);
  const change = async (from, to) => {
    await here.page.goto('/users/profile/security');
    await here.page.getByLabel('Password now', { exact: true }).fill(from);
    await here.page.getByLabel('New password', { exact: true }).fill(to);
    await here.page.getByRole('button', { name: 'Change password' }).click();
  };
  await change('not the password at all', 'another/Lantern 53 hums');
  await here.page.getByRole('alert').waitFor();
  await change(person.password, 'another/Lantern 53 hums');
  await here.page.getByText('The password is changed').waitFor();
  await there.page.reload();
  await there.heading('Sign in to Attest');
  await there.signIn(person.password);
  await there.page.getByRole('alert').waitFor();
  await change('another/Lantern 53 hums', person.password);
  await here.page.getByText('The password is changed').waitFor();
  await there.expect(422).leave();
  await here.expect(422).leave();
});
