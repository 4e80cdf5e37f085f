// <at-tree> around nested lists of links: arrow keys go through them, right unfolds, left folds or goes up.

class Tree extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener('keydown', (event) => this.keyed(event));
  }

  private get links(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>('a.folder')].filter((link) => link.checkVisibility());
  }

  private keyed(event: KeyboardEvent): void {
    const link = (event.target as Element).closest<HTMLElement>('a.folder');
    if (!link || event.ctrlKey || event.metaKey || event.altKey) return;
    const links = this.links;
    const at = links.indexOf(link);
    const fold = link.nextElementSibling as HTMLDetailsElement | null;
    const above = link.closest('ul')?.closest('li')?.querySelector<HTMLElement>('a.folder');
    let to: HTMLElement | null | undefined;
    if (event.key === 'ArrowDown') to = links[at + 1];
    else if (event.key === 'ArrowUp') to = links[at - 1];
    else if (event.key === 'Home') to = links[0];
    else if (event.key === 'End') to = links[links.length - 1];
    else if (event.key === 'ArrowRight' && fold && !fold.open) fold.open = true;
    else if (event.key === 'ArrowRight' && fold) to = links[at + 1];
    else if (event.key === 'ArrowLeft' && fold?.open) fold.open = false;
    else if (event.key === 'ArrowLeft') to = above;
    else return;
    event.preventDefault();
    to?.focus();
  }
}

customElements.define('at-tree', Tree);
