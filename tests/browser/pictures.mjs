// Pictures of every page at three widths in light and dark: node tests/browser/pictures.mjs [folder [page...]]
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch } from './support/browser.mjs';
import { PAGES, Site } from './support/site.mjs';

const folder = process.argv[2] ?? fileURLToPath(new URL('../../target/pictures', import.meta.url));
const SIZES = [
  [1440, 900],
  [900, 1000],
  [390, 844],
];

mkdirSync(folder, { recursive: true });
const browser = await launch();
const site = await Site.open(browser, { colorScheme: 'light' });
try {
  const names = process.argv.slice(3);
  for (const { name, who, open } of PAGES.filter((page) => !names.length || names.includes(page.name))) {
    const { page } = site.visitors[who];
    for (const [width, height] of SIZES) {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme: 'light' });
      await open(page, site);
      await page.evaluate(() => document.fonts.ready);
      for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme });
        await page.screenshot({ path: join(folder, `${name}-${width}-${colorScheme}.png`) });
      }
    }
    console.log(name);
  }
} finally {
  await site.close();
  await browser.close();
}
