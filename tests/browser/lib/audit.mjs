// What is looked at on every page: accessibility, valid HTML, nothing beyond the window's width, a picture.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { HtmlValidate } from 'html-validate';
import { pictures } from './site.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Widths at which every page is looked at: a desk, a small window, a phone. */
const WIDTHS = [
  ['desk', 1440, 900],
  ['window', 900, 1000],
  ['phone', 390, 844],
];

const validator = new HtmlValidate({
  extends: ['html-validate:recommended'],
  rules: {
    // How markup is written, which people do not see.
    'attribute-boolean-style': 'off',
    'attribute-empty-style': 'off',
    'doctype-style': 'off',
    'long-title': 'off',
    'no-trailing-whitespace': 'off',
    'void-style': 'off',
    'no-implicit-button-type': 'off',
    'no-redundant-for': 'off',
    'form-dup-name': ['error', { shared: ['button', 'checkbox', 'radio', 'reset', 'submit'] }],
    // What scrolls by itself is a region with a name, whatever element it is.
    'prefer-native-element': ['error', { exclude: ['region'] }],
    // `autofocus` is where a form begins; the pages have one field of a kind.
    'no-autofocus': 'off',
  },
});

/** What axe finds on the page as it stands. The policy of our pages blocks script elements, so it is evaluated. */
export async function axe(page) {
  await page.evaluate(AXE);
  const result = await page.evaluate((tags) => globalThis.axe.run(document, { runOnly: tags }), TAGS);
  return result.violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html).join(' | ')}`);
}

/** Checks the page as it stands at each width, and pictures it; tells everything that is wrong at once. */
export async function look(page, name) {
  const wrong = [];
  for (const [width, x, y] of WIDTHS) {
    await page.setViewportSize({ width: x, height: y });
    await page.screenshot({ path: `${pictures}/${name}-${width}.png` });
    const beyond = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    if (beyond > 0) wrong.push(`${width}: ${beyond} pixels are beyond the window`);
    wrong.push(...(await axe(page)).map((text) => `${width}: ${text}`));
  }
  await page.setViewportSize({ width: WIDTHS[0][1], height: WIDTHS[0][2] });
  assert.deepEqual(wrong, [], name);
}

/** Checks the HTML that the server sends for a page, before any script has touched it. */
export async function valid(page, path) {
  const response = await page.request.get(path);
  assert.equal(response.status(), 200, path);
  const report = await validator.validateString(await response.text());
  const found = report.results.flatMap((result) => result.messages).map((m) => `${m.ruleId}: ${m.message} (${m.selector})`);
  assert.deepEqual(found, [], `HTML of ${path}`);
}
