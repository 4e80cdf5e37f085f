// Builds src/ into dist/: one script, one style sheet, one icon sprite and the fonts, and the same for the page of the API;
// each named after its content and compressed beforehand. dist/manifest.json says which file is which; crates/web/build.rs embeds them by it.
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';

const here = (path) => new URL(path, import.meta.url);
const dist = here('dist/');

/** The icons of icons.txt, in order. */
const icons = readFileSync(here('icons.txt'), 'utf8')
  .split('\n')
  .map((line) => line.trim())
  .filter((line) => line && !line.startsWith('#'));

/** What lies inside the <svg> of a lucide icon, on one line. */
function drawing(name) {
  const svg = readFileSync(here(`node_modules/lucide-static/icons/${name}.svg`), 'utf8');
  const inner = svg.replace(/<!--.*?-->/gs, '').match(/<svg[^>]*>([\s\S]*)<\/svg>/)[1];
  return inner.replace(/\s+/g, ' ').replace(/> </g, '><').trim();
}

function sprite() {
  const pen = 'fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round"';
  const symbols = icons.map((name) => `<symbol id="${name}" viewBox="0 0 24 24" ${pen}>${drawing(name)}</symbol>`);
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`);
}

/** What has to travel with Swagger UI. */
function licence() {
  const read = (name) => readFileSync(here(`node_modules/swagger-ui-dist/${name}`), 'utf8');
  return Buffer.from(['NOTICE', 'LICENSE', 'swagger-ui-es-bundle.js.LICENSE.txt'].map(read).join('\n\n'));
}

/** Files to write: short name -> content. Fonts come out of the style sheet. */
async function bundle() {
  const result = await build({
    entryPoints: { app: 'src/app.ts', style: 'src/css/style.css', docs: 'src/docs.ts', 'docs-style': 'src/css/docs.css' },
    absWorkingDir: new URL('.', import.meta.url).pathname,
    outdir: 'dist',
    write: false,
    bundle: true,
    minify: true,
    format: 'esm',
    target: ['chrome123', 'firefox125', 'safari17.5'],
    assetNames: '[name].[hash]',
    loader: { '.woff2': 'file' },
    legalComments: 'none',
    logLevel: 'warning',
  });
  const files = new Map();
  for (const file of result.outputFiles) {
    files.set(file.path.split('/').at(-1), Buffer.from(file.contents));
  }
  return files;
}

const hash = (content) => createHash('sha256').update(content).digest('hex').slice(0, 10);

/** `app.js` -> `app.1f2e3d4c5b.js`; fonts are named by esbuild already, as the style sheet refers to them. */
function hashed(name, content) {
  if (name.endsWith('.woff2')) return name;
  const dot = name.lastIndexOf('.');
  return `${name.slice(0, dot)}.${hash(content)}${name.slice(dot)}`;
}

function compressed(content) {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  return brotliCompressSync(content, { params });
}

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
const files = await bundle();
files.set('icons.svg', sprite());
files.set('docs-licence.txt', licence());

const manifest = {};
for (const [name, content] of files) {
  const file = hashed(name, content);
  const short = name.endsWith('.woff2') ? name.replace(/\.[^.]+\.woff2$/, '.woff2') : name;
  manifest[short] = file;
  writeFileSync(new URL(file, dist), content);
  let line = `${file.padEnd(48)} ${String(content.length).padStart(7)} bytes`;
  if (!name.endsWith('.woff2')) {
    const small = compressed(content);
    writeFileSync(new URL(`${file}.br`, dist), small);
    line += ` ${String(small.length).padStart(6)} in brotli`;
  }
  console.log(line);
}
const sorted = Object.fromEntries(Object.entries(manifest).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(new URL('manifest.json', dist), `${JSON.stringify(sorted, null, 2)}\n`);
