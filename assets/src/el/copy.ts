// <at-copy data-from="#id"><button>…</button></at-copy>: copies the value or the words of an element.
// <at-save data-from="#id" data-name="file"><button>…</button></at-save>: offers them as a file, made in the browser.

const SHOWN = 2000;

function textOf(selector: string | undefined): string {
  const source = selector ? document.querySelector(selector) : null;
  if (source instanceof HTMLInputElement || source instanceof HTMLTextAreaElement) return source.value;
  return source?.textContent ?? '';
}

/** The clipboard interface exists under https and on this machine only; elsewhere the old command still works. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement('textarea');
    field.value = text;
    field.className = 'vh';
    document.body.append(field);
    field.select();
    const done = document.execCommand('copy');
    field.remove();
    return done;
  }
}

class Copy extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener('click', (event) => {
      const button = (event.target as Element).closest('button');
      if (button) void this.run(button);
    });
  }

  private async run(button: HTMLButtonElement): Promise<void> {
    const done = await copy(textOf(this.dataset.from));
    button.focus();
    this.say(button, done ? 'Copied' : 'Press Ctrl+C to copy');
  }

  private say(button: HTMLButtonElement, words: string): void {
    const label = button.querySelector<HTMLElement>('[data-label]');
    const status = this.querySelector<HTMLElement>('[role=status]');
    if (status) status.textContent = words;
    if (!label || this.dataset.said) return;
    const before = label.textContent;
    this.dataset.said = 'yes';
    label.textContent = words;
    setTimeout(() => {
      label.textContent = before;
      if (status) status.textContent = '';
      delete this.dataset.said;
    }, SHOWN);
  }
}

class Save extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener('click', (event) => {
      if (!(event.target as Element).closest('button')) return;
      const url = URL.createObjectURL(new Blob([textOf(this.dataset.from)], { type: 'text/plain' }));
      const link = document.createElement('a');
      link.href = url;
      link.download = this.dataset.name ?? 'file.txt';
      link.click();
      URL.revokeObjectURL(url);
    });
  }
}

customElements.define('at-copy', Copy);
customElements.define('at-save', Save);
