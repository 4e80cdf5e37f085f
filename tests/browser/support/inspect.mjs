// What can be said of a page without knowing what it is about: accessibility rules, valid HTML, nothing beyond the window.
import { HtmlValidate } from 'html-validate';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];

/** What axe finds on the page as it stands. Our policy blocks script elements, so it is evaluated. */
export async function axe(page) {
  await page.evaluate(`if (!globalThis.axe) { ${AXE} }`);
  const violations = await page.evaluate(
    async (values) => (await globalThis.axe.run(document, { runOnly: { type: 'tag', values }, resultTypes: ['violations'] })).violations,
    TAGS,
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id} (${help}): ${node.html.slice(0, 300)} ${node.any[0]?.message ?? ''}`),
  );
}

/** What makes the page scroll sideways, and words that are cut off with nothing that shows it and no way to scroll. */
export function beyond(page) {
  return page.evaluate(() => {
    const found = [];
    const root = document.documentElement;
    if (root.scrollWidth > root.clientWidth) found.push(`${root.scrollWidth - root.clientWidth} pixels are beyond the window`);
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    while (walker.nextNode()) {
      const text = walker.currentNode;
      if (!text.data.trim() || !text.parentElement.checkVisibility() || text.parentElement.closest('.vh, svg, input, select')) continue;
      range.selectNodeContents(text);
      const { right, width } = range.getBoundingClientRect();
      for (let box = text.parentElement; width > 0 && box !== root; box = box.parentElement) {
        const { overflowX, textOverflow } = getComputedStyle(box);
        // A menu lies above everything else.
        if (box.matches(':popover-open')) break;
        // What is one pixel wide is for screen readers alone.
        if (box.getBoundingClientRect().width <= 2) break;
        if (overflowX === 'visible') continue;
        // A box that the keyboard reaches scrolls for everybody.
        const isScrolled = ['auto', 'scroll'].includes(overflowX) && box.scrollWidth > box.clientWidth && box.matches('[tabindex], nav, :has(a)');
        if (isScrolled || textOverflow === 'ellipsis') break;
        if (right > box.getBoundingClientRect().right + 1) {
          found.push(`"${text.data.trim().slice(0, 60)}" is cut off`);
          break;
        }
      }
    }
    return found;
  });
}

const validator = new HtmlValidate({
  extends: ['html-validate:recommended'],
  rules: {
    // How markup is written, which nobody sees.
    'attribute-boolean-style': 'off',
    'attribute-empty-style': 'off',
    'doctype-style': 'off',
    'long-title': 'off',
    'no-implicit-button-type': 'off',
    'no-redundant-for': 'off',
    'no-trailing-whitespace': 'off',
    'void-style': 'off',
    // The boxes that scroll are regions with a name, whatever element they are.
    'prefer-native-element': ['error', { exclude: ['region'] }],
    // Lists, such as the steps of a case, send several fields of one name.
    'form-dup-name': 'off',
    // Where a form begins; no page has two.
    'no-autofocus': 'off',
  },
});

/** What is wrong with the HTML that the server sent. */
export async function invalid(html) {
  const report = await validator.validateString(html);
  const messages = report.results.flatMap((result) => result.messages);
  return messages.map((message) => `line ${message.line}: ${message.ruleId}: ${message.message} (${message.selector})`);
}
