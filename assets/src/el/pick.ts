// <at-pick> around the form with the table of cases: ticks rows one by one, as a range with Shift, or all of the page, and
// shows below what can be done with them. X ticks the row that has the focus; J, K and the arrow keys go through rows.

class Picker extends HTMLElement {
  private last = -1;

  connectedCallback(): void {
    this.page.hidden = false;
    this.addEventListener('click', (event) => this.clicked(event));
    this.addEventListener('keydown', (event) => this.keyed(event));
    // Going back, browsers restore what was ticked.
    addEventListener('pageshow', () => this.show());
    this.show();
  }

  private get boxes(): HTMLInputElement[] {
    return [...this.querySelectorAll<HTMLInputElement>('input[name=case]')];
  }

  private get page(): HTMLInputElement {
    return this.querySelector<HTMLInputElement>('input[data-page]')!;
  }

  private get all(): HTMLInputElement {
    return this.querySelector<HTMLInputElement>('input[data-all]')!;
  }

  private clicked(event: MouseEvent): void {
    const target = event.target as Element;
    const boxes = this.boxes;
    if (target === this.page) boxes.forEach((box) => (box.checked = this.page.checked));
    else if (target.closest('[data-clear]')) this.clear();
    else if (boxes.includes(target as HTMLInputElement)) this.ticked(target as HTMLInputElement, event.shiftKey);
    if (target !== this.all && !this.page.checked) this.all.checked = false;
    this.show();
  }

  /** With Shift, all rows since the one before get the same mark. */
  private ticked(box: HTMLInputElement, isRange: boolean): void {
    const boxes = this.boxes;
    const at = boxes.indexOf(box);
    const [from, to] = isRange && this.last >= 0 ? [Math.min(this.last, at), Math.max(this.last, at)] : [at, at];
    boxes.slice(from, to + 1).forEach((one) => (one.checked = box.checked));
    this.last = at;
    if (!box.checked) this.all.checked = false;
  }

  private keyed(event: KeyboardEvent): void {
    const row = (event.target as Element).closest('tbody tr');
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toLowerCase();
    const step = { arrowdown: 1, j: 1, arrowup: -1, k: -1 }[key];
    const rows = [...this.querySelectorAll('tbody tr')];
    const box = row.querySelector<HTMLInputElement>('input[name=case]');
    if (step) {
      const kind = event.target === box ? 'input' : 'a';
      rows[rows.indexOf(row) + step]?.querySelector<HTMLElement>(kind)?.focus();
    } else if (key === 'x' && box) {
      box.checked = !box.checked;
      this.ticked(box, event.shiftKey);
      this.show();
    } else return;
    event.preventDefault();
  }

  private clear(): void {
    this.all.checked = false;
    this.boxes.forEach((box) => (box.checked = false));
    this.boxes[0]?.focus();
    this.last = -1;
  }

  private show(): void {
    const boxes = this.boxes;
    const all = this.all.checked;
    if (all) boxes.forEach((box) => (box.checked = true));
    const picked = boxes.filter((box) => box.checked);
    const bar = this.querySelector<HTMLElement>('.pickbar')!;
    this.page.checked = picked.length === boxes.length;
    this.page.indeterminate = picked.length > 0 && !this.page.checked;
    boxes.forEach((box) => box.closest('tr')!.toggleAttribute('data-on', box.checked));
    bar.hidden = picked.length === 0;
    bar.querySelector<HTMLElement>('[data-clear]')!.hidden = false;
    const words = all ? 'All picked' : `${picked.length} picked`;
    const count = bar.querySelector('[data-picked]')!;
    if (count.textContent !== words) count.textContent = words;
  }
}

customElements.define('at-pick', Picker);
