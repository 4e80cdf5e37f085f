// <at-palette> in the search form: what is found follows what is typed, and arrow keys go through it. Ctrl+K opens the form
// over any page.

/** Milliseconds without a letter before the server is asked. */
const PAUSE = 120;

document.addEventListener('keydown', (event) => {
  if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
  const link = document.querySelector<HTMLAnchorElement>('a[data-palette]');
  if (!link) return;
  event.preventDefault();
  const open = document.querySelector<HTMLInputElement>('at-palette input[type=search]');
  if (open) open.focus();
  else if (!document.querySelector('dialog[open]')) link.click();
});

class Palette extends HTMLElement {
  private asked = new AbortController();
  private timer = 0;

  connectedCallback(): void {
    this.addEventListener('input', () => {
      clearTimeout(this.timer);
      this.timer = window.setTimeout(() => void this.search(), PAUSE);
    });
    this.addEventListener('keydown', (event) => this.keyed(event));
  }

  private get field(): HTMLInputElement {
    return this.querySelector('input[type=search]')!;
  }

  private async search(): Promise<void> {
    this.asked.abort();
    this.asked = new AbortController();
    const form = this.closest('form')!;
    const query = new URLSearchParams(new FormData(form) as unknown as Record<string, string>);
    try {
      const answer = await fetch(`${form.action}?${query}`, { signal: this.asked.signal });
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const found = page.querySelector('#found');
      if (answer.ok && found) this.querySelector('#found')?.replaceWith(found);
    } catch {
      // Something newer was asked, or the connection is gone: Enter still sends the form.
    }
  }

  private keyed(event: KeyboardEvent): void {
    const links = [...this.querySelectorAll<HTMLAnchorElement>('#found a')];
    const at = links.indexOf(document.activeElement as HTMLAnchorElement);
    if (event.key === 'Enter' && event.target === this.field && links[0] && this.field.value.trim()) {
      event.preventDefault();
      if (event.ctrlKey || event.metaKey) window.open(links[0].href);
      else location.assign(links[0].href);
    } else if (event.key === 'Escape') {
      // A search field would only be emptied.
      this.closest('dialog')?.close();
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const to = at + (event.key === 'ArrowDown' ? 1 : -1);
      (links[to] ?? this.field).focus();
    }
  }
}

customElements.define('at-palette', Palette);
