// Going through a page by the keyboard alone. What has the focus must be seen.
import assert from 'node:assert/strict';

/** More presses than any page of ours has stops. */
const MOST = 150;

/** What has the focus: its role-like tag, accessible words, and whether anything shows that it has it. */
function focused(page) {
  return page.evaluate(() => {
    const it = document.activeElement;
    const labels = [...(it.labels ?? [])].map((label) => label.textContent.trim());
    const words = it.getAttribute('aria-label') ?? (labels.length > 0 ? labels.join(' ') : it.textContent);
    const shows = (element) => {
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1.5;
    };
    // A choice shows the focus on its label, a field without an edge of its own on the box around it.
    const around = it.closest('label') ?? it.parentElement ?? it;
    const box = (it.closest('label') ?? it).getBoundingClientRect();
    return {
      tag: it.tagName,
      words: words.replace(/\s+/g, ' ').trim(),
      isVisible: it === document.body || ((shows(it) || shows(around)) && box.width > 0 && box.height > 0),
      isInside: it === document.body || (box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth),
    };
  });
}

/** Presses a key; fails when what then has the focus is not to be seen. Returns its words. */
export async function press(page, key) {
  await page.keyboard.press(key);
  const focus = await focused(page);
  assert.ok(focus.isVisible, `<${focus.tag}> "${focus.words}" has the focus and nothing shows it, on ${page.url()}`);
  assert.ok(focus.isInside, `<${focus.tag}> "${focus.words}" has the focus outside of the window, on ${page.url()}`);
  return focus.words;
}

/** Presses Tab until the words of what has the focus fit. */
export async function tabTo(page, words, key = 'Tab') {
  const seen = [];
  for (let presses = 0; presses < MOST; presses += 1) {
    const at = await press(page, key);
    if (words.test(at)) return;
    seen.push(at);
  }
  assert.fail(`${key} does not reach ${words} on ${page.url()}, only: ${seen.join(' | ')}`);
}

/** Goes to something by Tab and presses Enter on it. */
export async function enter(page, words) {
  await tabTo(page, words);
  await page.keyboard.press('Enter');
}

/** Types into the field that has the focus from the start: a browser gives it only when it first draws the page. */
export async function typeAtOnce(page, text) {
  await page.locator('[autofocus]:focus').waitFor();
  await page.keyboard.type(text);
}

/** Goes to a field by Tab and types. */
export async function type(page, words, text) {
  await tabTo(page, words);
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type(text);
}
