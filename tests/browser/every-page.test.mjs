// Every page in every state: accessible in light and dark, valid, not wider than a phone, silent, with the right headers.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch } from './support/browser.mjs';
import { axe, beyond, invalid } from './support/inspect.mjs';
import { PAGES, Site } from './support/site.mjs';

/** Most elements of a page. */
const ELEMENTS = 4000;

let browser, site;
before(async () => {
  browser = await launch();
  site = await Site.open(browser, { colorScheme: 'light' });
});
after(async () => {
  await site?.close();
  await browser?.close();
});

for (const { name, who, status, open } of PAGES) {
  test(name, async () => {
    const visitor = site.visitors[who];
    const { page } = visitor;
    let answer;
    const note = (response) => {
      if (response.request().isNavigationRequest() && response.status() !== 303) answer = response;
    };
    page.on('response', note);
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.emulateMedia({ colorScheme: 'light' });
    await open(page, site);
    page.off('response', note);
    assert.equal(answer.status(), status);
    visitor.expect(...(status >= 400 ? [status] : []));
    const faults = (await invalid(await answer.text())).map((text) => `HTML: ${text}`);
    faults.push(...(await axe(page)).map((text) => `light: ${text}`));
    await page.emulateMedia({ colorScheme: 'dark' });
    faults.push(...(await axe(page)).map((text) => `dark: ${text}`));
    const { elements, title, handlers } = await page.evaluate(() => ({
      elements: document.querySelectorAll('*').length,
      title: document.title,
      handlers: document.querySelectorAll('[onclick], [onload], [onerror], [style]:not(at-grid *)').length,
    }));
    assert.ok(elements < ELEMENTS, `${elements} elements`);
    assert.match(title, / · Attest$/, 'a script of a stranger ran');
    assert.equal(handlers, 0, 'scripts or styles in attributes');
    for (const width of [1440, 900, 390, 320]) {
      await page.setViewportSize({ width, height: 844 });
      faults.push(...(await beyond(page)).map((text) => `${width}: ${text}`));
      if (width === 390) faults.push(...(await axe(page)).map((text) => `phone: ${text}`));
    }
    assert.deepEqual(faults, []);
    visitor.quiet();
  });
}

test('the inspection finds what is wrong', async () => {
  const visitor = site.visitors.owner;
  const { page } = visitor;
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.emulateMedia({ colorScheme: 'light' });
  await page.goto('/projects');
  await page.evaluate(() => {
    const image = document.createElement('img');
    image.src = '/assets/none.png';
    image.width = 20;
    const wide = document.createElement('hr');
    wide.style.cssText = 'position: absolute; left: 0; width: 5000px';
    const cut = document.createElement('p');
    cut.textContent = 'wordswithoutaplacetobreakthatarecutoff';
    cut.style.cssText = 'width: 50px; overflow: hidden';
    const words = document.createElement('p');
    words.textContent = 'too pale';
    words.style.color = '#eee';
    document.querySelector('main').prepend(image, words, cut);
    document.body.append(wide);
  });
  const found = (await axe(page)).join('\n');
  assert.match(found, /image-alt/);
  assert.match(found, /color-contrast/);
  assert.match((await beyond(page)).join('\n'), /pixels are beyond the window\n.*wordswithout.* is cut off/);
  assert.notDeepEqual(await invalid('<p><div></p>'), []);
  await page.evaluate(() => console.error('heard'));
  await assert.rejects(async () => visitor.quiet(), /heard/);
});
