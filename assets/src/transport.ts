// htmx fetches fragments and swaps them in; crates/web/src/ui/hx.rs alone writes its attributes.
import htmx from 'htmx.org';

Object.assign(htmx.config, {
  includeIndicatorCSS: false,
  defaultSwap: 'outerMorph',
  // An error answer is a whole page: it is opened as one, below.
  noSwap: [204, 304, '4xx', '5xx'],
});

interface Detail {
  ctx?: { request?: { action?: string; method?: string } };
  path?: string;
}

/** Opens the page that could not be fetched as a fragment, so that the server says what is wrong. */
function openInstead(event: Event): void {
  const request = (event as CustomEvent<Detail>).detail.ctx?.request;
  const source = event.target as Element;
  if (source.closest('[data-live]')) return;
  if (request?.method === 'GET' && request.action) location.assign(source.getAttribute('href') ?? request.action);
}
document.addEventListener('htmx:response:error', openInstead);

/** Back and forward within one page change its detail pane alone, so that the list keeps its place. */
document.addEventListener('htmx:before:history:restore', (event) => {
  const { path } = (event as CustomEvent<Detail>).detail;
  const pane = document.querySelector('#detail');
  if (!path || !pane || new URL(path, location.href).pathname !== location.pathname) return;
  event.preventDefault();
  const headers = { 'HX-Target': 'aside#detail' };
  void htmx.ajax('GET', path, { target: '#detail', swap: 'outerMorph', headers });
});

export default htmx;
