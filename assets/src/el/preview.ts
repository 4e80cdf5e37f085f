// <at-preview> around a field of Markdown: its button shows what the text will look like in place of the field, and back.

class Preview extends HTMLElement {
  connectedCallback(): void {
    this.querySelector('button')?.addEventListener('click', () => void this.toggle());
  }

  private async toggle(): Promise<void> {
    const [button, area, shown] = [this.querySelector('button')!, this.querySelector('textarea')!, this.querySelector<HTMLElement>('[data-shown]')!];
    const shows = shown.hidden;
    if (shows) {
      const answer = await fetch('/preview', { method: 'POST', body: new URLSearchParams({ text: area.value }) }).catch(() => null);
      if (!answer?.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      shown.replaceChildren(...page.body.childNodes);
    }
    shown.hidden = !shows;
    area.hidden = shows;
    button.setAttribute('aria-pressed', String(shows));
  }
}

customElements.define('at-preview', Preview);
