// <at-steps>: the step editor. Its buttons send the form without script; here they change the list on the spot. Enter at the
// end of an expected result adds a step, Alt with an arrow key moves one, and so does dragging its number. A list or columns of
// a spreadsheet that are pasted into an empty action become steps.
import { rows } from './cells';

class Steps extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener('click', (event) => {
      const button = (event.target as Element).closest<HTMLButtonElement>('button[name=do]');
      // Shared steps come from the server.
      if (!button || 'shared' in button.dataset) return;
      event.preventDefault();
      if (button.dataset.deed) this.change(button.closest('li')!, button.dataset.deed);
      else this.add(this.list.lastElementChild);
    });
    this.addEventListener('keydown', (event) => this.keyed(event));
    this.addEventListener('paste', (event) => this.pasted(event));
    this.addEventListener('dragstart', (event) => {
      this.dragged = (event.target as Element).closest?.('.step-number')?.closest('li') ?? undefined;
      if (this.dragged) event.dataTransfer?.setDragImage(this.dragged, 0, 0);
    });
    this.addEventListener('dragover', (event) => this.over(event));
    this.addEventListener('dragend', () => {
      if (this.dragged) this.number('Moved');
      this.dragged = undefined;
    });
    this.handles();
  }

  private dragged?: HTMLElement;

  /** Numbers are handles only where script can move steps. */
  private handles(): void {
    this.querySelectorAll<HTMLElement>('.step-number').forEach((handle) => (handle.draggable = true));
  }

  private over(event: DragEvent): void {
    const step = (event.target as Element).closest('li');
    if (!this.dragged || !step || step.parentElement !== this.list) return;
    event.preventDefault();
    const { top, height } = step.getBoundingClientRect();
    if (event.clientY < top + height / 2) step.before(this.dragged);
    else step.after(this.dragged);
  }

  private pasted(event: ClipboardEvent): void {
    const area = event.target as HTMLTextAreaElement;
    const found = rows(event.clipboardData?.getData('text/plain') ?? '');
    const isTable = found.some((row) => row.length > 1);
    if (!area.name?.endsWith('.text1') || area.value.trim() || (found.length < 2 && !isTable)) return;
    event.preventDefault();
    let step: Element = area.closest('li')!;
    found.forEach(([action, expected], n) => {
      if (n > 0) {
        const fresh = this.fresh();
        step.after(fresh);
        step = fresh;
      }
      step.querySelector<HTMLTextAreaElement>('[name$=".text1"]')!.value = action ?? '';
      if (isTable) step.querySelector<HTMLTextAreaElement>('[name$=".text3"]')!.value = expected ?? '';
    });
    this.number('Pasted');
    step.querySelector('textarea')?.focus();
  }

  private fresh(): HTMLElement {
    return this.querySelector('template')!.content.firstElementChild!.cloneNode(true) as HTMLElement;
  }

  private get list(): HTMLElement {
    return this.querySelector('ol')!;
  }

  private keyed(event: KeyboardEvent): void {
    const area = event.target as HTMLTextAreaElement;
    const step = area.closest('li');
    if (!step || !(area instanceof HTMLTextAreaElement)) return;
    if (event.altKey && /^Arrow(Up|Down)$/.test(event.key)) {
      event.preventDefault();
      this.change(step, event.key === 'ArrowUp' ? 'up' : 'down', area);
    } else if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && area.name.endsWith('.text3')) {
      if (area.selectionStart !== area.value.length) return;
      event.preventDefault();
      this.add(step);
    }
  }

  private add(after: Element | null): void {
    const fresh = this.fresh();
    if (after) after.after(fresh);
    else this.list.append(fresh);
    this.number(`Step added`);
    fresh.querySelector('textarea')?.focus();
  }

  private change(step: Element, deed: string, focus?: HTMLElement): void {
    const near = deed === 'up' ? step.previousElementSibling : step.nextElementSibling;
    if (deed === 'up') near?.before(step);
    else if (deed === 'down') near?.after(step);
    else if (deed === 'copy') this.copy(step);
    else {
      const next = near ?? step.previousElementSibling;
      step.remove();
      (next?.querySelector<HTMLElement>('textarea') ?? this.querySelector<HTMLElement>('[data-step-add]'))?.focus();
    }
    this.number({ up: 'Moved up', down: 'Moved down', copy: 'Duplicated' }[deed] ?? 'Removed');
    (focus ?? (deed === 'up' || deed === 'down' ? step.querySelector<HTMLElement>(`[data-deed=${deed}]`) : null))?.focus();
  }

  private copy(step: Element): void {
    const twin = step.cloneNode(true) as HTMLElement;
    const from = step.querySelectorAll('textarea');
    twin.querySelectorAll('textarea').forEach((area, n) => (area.value = from[n]!.value));
    twin.querySelector<HTMLInputElement>('input[name$=".id"]')!.value = '';
    step.after(twin);
    twin.querySelector('textarea')?.focus();
  }

  private number(done: string): void {
    this.handles();
    [...this.list.children].forEach((step, n) => {
      step.querySelectorAll('[data-n]').forEach((place) => (place.textContent = String(n + 1)));
      step.querySelectorAll<HTMLButtonElement>('[data-deed]').forEach((button) => {
        button.value = `${button.dataset.deed}:${this.dataset.name}:${n}`;
        const words = button.title.replace(/\d+$/, String(n + 1));
        button.title = words;
        button.setAttribute('aria-label', words);
      });
    });
    this.querySelector('[role=status]')!.textContent = `${done}: ${this.list.children.length} steps`;
    this.dispatchEvent(new Event('input', { bubbles: true }));
  }
}

customElements.define('at-steps', Steps);
