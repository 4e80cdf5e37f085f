// <at-reveal><input type="password"><button class="reveal">…</button></at-reveal>: shows what is typed.

class Reveal extends HTMLElement {
  connectedCallback(): void {
    const input = this.querySelector('input');
    const button = this.querySelector('button');
    const label = button?.querySelector('[data-label]');
    if (!input || !button || !label) return;
    button.addEventListener('click', () => {
      const shown = input.type === 'password';
      input.type = shown ? 'text' : 'password';
      button.setAttribute('aria-pressed', String(shown));
      label.textContent = shown ? 'Hide' : 'Show';
    });
    // Browsers remember what was typed into visible fields; this one is hidden again before it is sent.
    input.form?.addEventListener('submit', () => {
      input.type = 'password';
    });
  }
}

customElements.define('at-reveal', Reveal);
