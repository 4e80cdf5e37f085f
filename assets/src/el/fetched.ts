// A part of a page that follows what is typed: asked for after a pause, the newest question alone counts.

/** Milliseconds without a letter before the server is asked. */
const PAUSE = 120;

export class Follower {
  private asked = new AbortController();
  private timer = 0;

  /** `selector` is the part of the answer that takes the place of the same part within `host`. */
  constructor(
    private readonly host: Element,
    private readonly selector: string,
    private readonly href: () => string,
  ) {}

  /** Something was typed. */
  follow(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.ask(), PAUSE);
  }

  private async ask(): Promise<void> {
    this.asked.abort();
    this.asked = new AbortController();
    try {
      const answer = await fetch(this.href(), { signal: this.asked.signal });
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const found = page.querySelector(this.selector);
      if (answer.ok && found) this.host.querySelector(this.selector)?.replaceWith(found);
    } catch {
      // Something newer was asked, or the connection is gone: the form works without.
    }
  }
}
