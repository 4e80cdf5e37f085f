// <at-similar> around the title of a case: tells of cases that may say the same, while the title is typed.
import { Follower } from './fetched';

class Similar extends HTMLElement {
  connectedCallback(): void {
    const title = this.querySelector('input')!;
    const follower = new Follower(this, '#similar', () => {
      const href = new URL(this.dataset.href!, location.href);
      href.searchParams.set('name', title.value);
      return href.href;
    });
    title.addEventListener('input', () => follower.follow());
  }
}

customElements.define('at-similar', Similar);
