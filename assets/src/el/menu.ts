// <at-menu> inside a popover: arrow keys, Home and End go through its links and buttons.

class Menu extends HTMLElement {
  connectedCallback(): void {
    const popup = this.closest<HTMLElement>('[popover]');
    popup?.addEventListener('toggle', (event) => {
      if ((event as ToggleEvent).newState === 'open') this.items[0]?.focus();
    });
    this.addEventListener('keydown', (event) => this.move(event));
  }

  private get items(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>('a, button')];
  }

  private move(event: KeyboardEvent): void {
    const items = this.items;
    const at = items.indexOf(document.activeElement as HTMLElement);
    const last = items.length - 1;
    const to = { ArrowDown: at < last ? at + 1 : 0, ArrowUp: at > 0 ? at - 1 : last, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    items[to]?.focus();
  }
}

customElements.define('at-menu', Menu);
