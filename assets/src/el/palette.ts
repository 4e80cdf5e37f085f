// <at-palette> in the search form: what is found follows what is typed, and arrow keys go through it. Ctrl+K opens the form
// over any page.
import { Follower } from './fetched';

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
  connectedCallback(): void {
    const follower = new Follower(this, '#found', () => this.address);
    this.addEventListener('input', () => follower.follow());
    this.addEventListener('keydown', (event) => this.keyed(event));
  }

  private get field(): HTMLInputElement {
    return this.querySelector('input[type=search]')!;
  }

  private get address(): string {
    const form = this.closest('form')!;
    const query = new URLSearchParams(new FormData(form) as unknown as Record<string, string>);
    return `${form.action}?${query}`;
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
