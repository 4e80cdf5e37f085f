// <at-draft> around the form of a case: keeps what is typed in this browser until it is saved, offers it again after a crash,
// and asks before the page is left.
import { words as ago } from './time';

/** Milliseconds after the last key before a draft is kept. */
const PAUSE = 800;

interface Kept {
  at: number;
  fields: [string, string][];
}

class Draft extends HTMLElement {
  private timer = 0;
  private isLeaving = false;
  private isDirty = false;

  connectedCallback(): void {
    this.isDirty = this.hasAttribute('data-dirty');
    this.offer();
    this.addEventListener('input', () => this.typed());
    this.addEventListener('change', () => this.typed());
    this.addEventListener('submit', () => this.leave());
    this.querySelector<HTMLSelectElement>('select[name=template]')?.addEventListener('change', () => {
      this.form.requestSubmit(this.querySelector<HTMLButtonElement>('[data-template]'));
    });
    window.addEventListener('beforeunload', (event) => {
      if (this.isDirty && !this.isLeaving) event.preventDefault();
    });
  }

  private get form(): HTMLFormElement {
    return this.querySelector('form')!;
  }

  private get key(): string {
    const version = this.querySelector<HTMLInputElement>('input[name=version]')?.value ?? 'new';
    return `att-draft:${location.pathname}:${version}`;
  }

  private get fields(): [string, string][] {
    return [...new FormData(this.form)].filter((pair): pair is [string, string] => typeof pair[1] === 'string');
  }

  private typed(): void {
    this.isDirty = true;
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      const kept: Kept = { at: Date.now(), fields: this.fields };
      try {
        localStorage.setItem(this.key, JSON.stringify(kept));
        this.say('Draft kept in this browser');
      } catch {
        this.say('This browser keeps no drafts');
      }
    }, PAUSE);
  }

  /** What is sent is either saved or comes back in the form. */
  private leave(): void {
    this.isLeaving = true;
    clearTimeout(this.timer);
    localStorage.removeItem(this.key);
  }

  private say(words: string): void {
    this.querySelector('[data-draft]')!.textContent = words;
  }

  private offer(): void {
    const text = localStorage.getItem(this.key);
    if (!text || this.isDirty) return;
    const kept = JSON.parse(text) as Kept;
    if (JSON.stringify(kept.fields) === JSON.stringify(this.fields)) return;
    const box = document.createElement('div');
    box.className = 'banner';
    box.setAttribute('role', 'status');
    const words = document.createElement('p');
    const time = document.createElement('time');
    time.dateTime = new Date(kept.at).toISOString();
    time.setAttribute('data-ago', '');
    time.textContent = ago((Date.now() - kept.at) / 1000) ?? 'earlier';
    words.append('There is a draft that was not saved, from ', time, '. ');
    const button = (label: string, act: () => void) => {
      const one = document.createElement('button');
      one.type = 'button';
      one.className = 'btn btn-outline btn-sm';
      one.textContent = label;
      one.addEventListener('click', () => {
        act();
        box.remove();
      });
      return one;
    };
    const restore = button('Go on with it', () => this.restore(kept));
    box.append(words, restore, button('Drop it', () => localStorage.removeItem(this.key)));
    this.prepend(box);
  }

  /** Sends the draft as what is typed now; the form comes back with it. */
  private restore(kept: Kept): void {
    const form = document.createElement('form');
    form.method = 'post';
    form.action = this.form.action;
    for (const [name, value] of [...kept.fields, ['do', 'template']] as [string, string][]) {
      const field = document.createElement('textarea');
      field.name = name;
      field.value = value;
      form.append(field);
    }
    form.hidden = true;
    document.body.append(form);
    this.isLeaving = true;
    form.submit();
  }
}

customElements.define('at-draft', Draft);
