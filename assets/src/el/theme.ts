// <at-theme> around the form that switches between light and dark: at once, without asking the server.

const YEAR = 31_536_000;

class Theme extends HTMLElement {
  connectedCallback(): void {
    this.querySelector('form')?.addEventListener('submit', (event) => {
      event.preventDefault();
      const root = document.documentElement;
      const dark = root.dataset.theme
        ? root.dataset.theme === 'dark'
        : matchMedia('(prefers-color-scheme: dark)').matches;
      const next = dark ? 'light' : 'dark';
      root.dataset.theme = next;
      document.cookie = `att_theme=${next}; path=/; max-age=${YEAR}; samesite=lax`;
    });
  }
}

customElements.define('at-theme', Theme);
