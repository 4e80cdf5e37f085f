// <at-tree> around nested lists of links: arrow keys go through them, right unfolds, left folds or goes up. A folder that is
// dropped on another one asks whether it shall move there.

class Tree extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener('keydown', (event) => this.keyed(event));
    if (!this.hasAttribute('data-moves')) return;
    this.addEventListener('dragstart', (event) => (this.dragged = folder(event)));
    this.addEventListener('dragend', () => {
      this.target(null);
      this.dragged = null;
    });
    this.addEventListener('dragover', (event) => {
      const to = folder(event);
      const fits = this.dragged && to && !this.dragged.closest('li')!.contains(to);
      this.target(fits ? to : null);
      if (fits) event.preventDefault();
    });
    this.addEventListener('drop', (event) => {
      const to = folder(event);
      if (!this.dragged || !to) return;
      event.preventDefault();
      this.ask(id(this.dragged), id(to));
    });
  }

  private dragged: HTMLAnchorElement | null = null;

  private target(to: HTMLAnchorElement | null): void {
    this.querySelector('.drop')?.classList.remove('drop');
    to?.classList.add('drop');
  }

  /** Opens the form that moves a folder, with the new place chosen. */
  private ask(moved: string, to: string): void {
    const link = document.createElement('a');
    link.href = `/repositories/folders/${moved}/move?to=${to}`;
    link.dataset.dialog = '';
    this.append(link);
    link.click();
    link.remove();
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

function folder(event: Event): HTMLAnchorElement | null {
  return (event.target as Element).closest<HTMLAnchorElement>('a.folder');
}

function id(link: HTMLAnchorElement): string {
  return new URL(link.href).searchParams.get('folder') ?? '';
}

customElements.define('at-tree', Tree);
