// <at-grid> around the table of a long list. The server sends it in chunks of forty rows, each a <tbody>; a chunk far
// from what is seen gives its rows away and keeps its height, so that 100,000 results stay light. Links, history and
// htmx work on in a chunk that comes back.
import htmx from '../transport';

/** Pixels above and below the visible part within which rows stay. */
const MARGIN = 900;
/** Milliseconds that a row must be chosen before its detail is fetched, while somebody runs through the list. */
const PAUSE = 90;

class Grid extends HTMLElement {
  private observer?: IntersectionObserver;
  private readonly away = new WeakMap<Element, string>();
  private readonly wide = matchMedia('(width >= 900px)');
  private timer = 0;

  connectedCallback(): void {
    this.watch();
    this.wide.addEventListener('change', () => this.watch());
    const table = this.querySelector('table');
    if (table) new MutationObserver(() => this.observeChunks()).observe(table, { childList: true });
    this.addEventListener('click', (event) => this.clicked(event));
    this.addEventListener('keydown', (event) => this.keyed(event));
    document.addEventListener('htmx:after:swap', (event) => this.swapped(event));
    document.addEventListener('click', (event) => this.stepped(event));
    this.querySelector('tr[aria-current]')?.scrollIntoView({ block: 'nearest' });
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !document.querySelector(':popover-open')) this.close();
    });
  }

  /** What scrolls: the list itself, or the whole panel on a phone. */
  private get scroller(): Element | null {
    for (let at: Element | null = this; at; at = at.parentElement) {
      if (/auto|scroll/.test(getComputedStyle(at).overflowY)) return at;
    }
    return null;
  }

  private watch(): void {
    this.observer?.disconnect();
    this.observer = new IntersectionObserver((seen) => seen.forEach((entry) => this.place(entry)), {
      root: this.scroller,
      rootMargin: `${MARGIN}px 0px`,
    });
    this.querySelectorAll('tbody[data-chunk]').forEach((chunk) => chunk.removeAttribute('data-watched'));
    this.observeChunks();
  }

  private observeChunks(): void {
    this.querySelectorAll('tbody[data-chunk]:not([data-watched])').forEach((chunk) => {
      chunk.setAttribute('data-watched', '');
      this.observer?.observe(chunk);
    });
  }

  private place(entry: IntersectionObserverEntry): void {
    const chunk = entry.target as HTMLElement;
    const rows = this.away.get(chunk);
    if (entry.isIntersecting && rows !== undefined) {
      chunk.innerHTML = rows;
      chunk.removeAttribute('style');
      this.away.delete(chunk);
      htmx.process(chunk);
    } else if (!entry.isIntersecting && rows === undefined && !chunk.contains(document.activeElement)) {
      const height = chunk.offsetHeight;
      if (height === 0) return;
      this.away.set(chunk, chunk.innerHTML);
      chunk.replaceChildren();
      chunk.style.display = 'block';
      chunk.style.height = `${height}px`;
    }
  }

  private get links(): HTMLAnchorElement[] {
    return [...this.querySelectorAll<HTMLAnchorElement>('a[data-open]')];
  }

  /** The whole row is a target for the pointer; its link is what the keyboard reaches. */
  private clicked(event: MouseEvent): void {
    const target = event.target as Element;
    const link = target.closest('tr')?.querySelector<HTMLAnchorElement>('a[data-open]');
    if (!link) return;
    this.mark(link);
    if (!target.closest('a, button, input')) link.click();
  }

  private mark(link: HTMLAnchorElement | undefined): void {
    this.querySelectorAll('tr[aria-current]').forEach((row) => row.removeAttribute('aria-current'));
    link?.closest('tr')?.setAttribute('aria-current', 'true');
  }

  /** Arrow keys, J and K, while the focus is on a row. */
  private keyed(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
    const links = this.links;
    const at = links.indexOf(event.target as HTMLAnchorElement);
    if (!step || at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const next = links[at + step];
    event.preventDefault();
    if (!next) return;
    next.focus({ preventScroll: true });
    next.closest('tr')?.scrollIntoView({ block: 'nearest' });
    if (!document.querySelector('#detail[data-shown]')) return;
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => next.click(), PAUSE);
  }

  /** The pane's own buttons open the row before or after the one that it shows. */
  private stepped(event: Event): void {
    const button = (event.target as Element).closest<HTMLElement>('#detail [data-step]');
    const links = this.links;
    const at = links.findIndex((link) => link.closest('tr[aria-current]'));
    const next = button && at >= 0 ? links[at + Number(button.dataset.step)] : undefined;
    if (!next) return;
    next.closest('tr')?.scrollIntoView({ block: 'nearest' });
    next.click();
  }

  /** On a phone the detail covers the list, so the focus follows it. */
  private swapped(event: Event): void {
    const pane = document.querySelector<HTMLElement>('#detail');
    if (!pane || !(event as CustomEvent<{ ctx?: { target?: Element } }>).detail.ctx?.target?.matches('#detail')) return;
    pane.scrollTop = 0;
    const name = this.dataset.opens ?? 'test_id';
    const open = new URLSearchParams(location.search).get(name);
    const link = this.links.find((one) => new URL(one.href).searchParams.get(name) === open);
    this.mark(pane.hasAttribute('data-shown') ? link : undefined);
    if (pane.hasAttribute('data-shown') && !this.wide.matches) pane.querySelector<HTMLElement>('h1, h2')?.focus();
  }

  private close(): void {
    const link = document.querySelector<HTMLAnchorElement>('#detail [data-close]');
    const row = this.querySelector<HTMLAnchorElement>('tr[aria-current] a[data-open]');
    if (!link) return;
    link.click();
    row?.focus();
  }
}

customElements.define('at-grid', Grid);
