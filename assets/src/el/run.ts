// <at-run> around the page of a run: results by key, and a queue that keeps each one until the server has it. What is given
// while the connection is down lies in the browser's database and is sent later, with the token that makes it count once.
import htmx from '../transport';
import { Queue, type Waiting } from './queue';

/** Milliseconds between two looks at what others did, and before a result is sent again. */
const LOOK = 5000;
const AGAIN = 2000;
/** Milliseconds that a toast stays. */
const TOAST = 6000;
/** Tests that are fetched ahead, so that the next ones are there while the connection is down. */
const AHEAD = 5;

class Run extends HTMLElement {
  private readonly queue = new Queue(this.dataset.run!);
  private readonly ahead = new Map<string, string>();
  private readonly notes = new Map<string, string>();
  private files: File[] = [];
  private isSending = false;
  private since = Date.now();
  private clock = 0;

  connectedCallback(): void {
    this.addEventListener('submit', (event) => this.submitted(event));
    this.addEventListener('change', (event) => this.chosen(event.target as HTMLInputElement));
    this.addEventListener('input', () => this.keepNote());
    this.addEventListener('paste', (event) => this.pasted(event));
    document.addEventListener('keydown', (event) => this.keyed(event));
    document.addEventListener('htmx:after:swap', (event) => {
      const target = (event as CustomEvent<{ ctx?: { target?: Element } }>).detail.ctx?.target;
      if (target?.matches('#detail')) this.opened();
    });
    addEventListener('online', () => void this.send());
    addEventListener('beforeunload', (event) => {
      if (this.queue.size > 0 || this.note?.value.trim()) event.preventDefault();
    });
    setInterval(() => void this.look(), LOOK);
    setInterval(() => this.tick(), 1000);
    this.opened();
    void this.queue.open().then(() => this.send());
  }

  private get form(): HTMLFormElement | null {
    return this.querySelector('#result');
  }

  private get note(): HTMLTextAreaElement | null {
    return this.querySelector('#note');
  }

  /** Another test is in the pane: its clock starts, what was typed for it comes back, and the next ones are fetched. */
  private opened(): void {
    this.files = [];
    this.since = Date.now();
    this.tick();
    this.form?.querySelectorAll<HTMLInputElement>('[name=status]').forEach((status) => (status.required = true));
    const kept = this.notes.get(this.form?.dataset.test ?? '');
    if (kept && this.note && !this.note.value) this.note.value = kept;
    if (this.form?.dataset.next) void this.fetchAhead(this.form.dataset.next, AHEAD);
  }

  private keepNote(): void {
    if (this.form && this.note) this.notes.set(this.form.dataset.test!, this.note.value);
  }

  private tick(): void {
    const timer = this.querySelector<HTMLElement>('[data-timer]');
    if (!timer) return;
    this.clock = Math.round((Date.now() - this.since) / 1000);
    timer.hidden = false;
    timer.textContent = `${Math.floor(this.clock / 60)}:${String(this.clock % 60).padStart(2, '0')}`;
  }

  private async fetchAhead(href: string, left: number): Promise<void> {
    if (left === 0 || this.ahead.has(href)) return;
    try {
      const text = await pane(href);
      this.ahead.set(href, text);
      const next = parse(text).querySelector<HTMLElement>('#result')?.dataset.next;
      if (next) await this.fetchAhead(next, left - 1);
    } catch {
      // What is not there yet is asked for when it is opened.
    }
  }

  /** 1 passes the test and goes on; 0 and 2 to 5 choose a status and lead to the comment. Ctrl+Enter saves. */
  private keyed(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && this.form?.contains(target)) {
      event.preventDefault();
      this.form.requestSubmit();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || target.closest('textarea, select, dialog, input:not([type=radio], [type=checkbox])')) return;
    if (/^[jk]$/.test(event.key) && !target.closest('at-grid')) {
      this.querySelector<HTMLElement>(`[data-step="${event.key === 'j' ? 1 : -1}"]`)?.click();
      return;
    }
    const choice = /^[0-5]$/.test(event.key) && this.form?.querySelector<HTMLInputElement>(`[data-key="${event.key}"]`);
    if (!choice) return;
    event.preventDefault();
    choice.checked = true;
    if (event.key === '1') this.form!.requestSubmit();
    else this.note?.focus();
  }

  private chosen(field: HTMLInputElement): void {
    if (field.matches('[data-files]')) {
      this.add([...(field.files ?? [])]);
      field.value = '';
    }
  }

  private pasted(event: ClipboardEvent): void {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0 || !this.form) return;
    event.preventDefault();
    this.add(files);
  }

  private add(files: File[]): void {
    this.files.push(...files);
    const list = this.querySelector('[data-chosen]')!;
    list.replaceChildren(
      ...this.files.map((file) => {
        const line = document.createElement('li');
        const remove = document.createElement('button');
        remove.type = 'button';
        remove.className = 'btn btn-ghost btn-sm';
        remove.textContent = 'Remove';
        remove.setAttribute('aria-label', `Remove ${file.name}`);
        remove.addEventListener('click', () => {
          this.files = this.files.filter((one) => one !== file);
          this.add([]);
        });
        line.append(`${file.name} `, remove);
        return line;
      }),
    );
  }

  private submitted(event: SubmitEvent): void {
    const form = event.target as HTMLFormElement;
    if (form.matches('[data-undo]')) {
      event.preventDefault();
      void this.undo(form);
    } else if (form.matches('#result')) {
      event.preventDefault();
      void this.save(form);
    }
  }

  /** Into the queue first: from there nothing is lost. */
  private async save(form: HTMLFormElement): Promise<void> {
    form.querySelector<HTMLInputElement>('[name=elapsed]')!.value = String(this.clock);
    const fields = [...new FormData(form)].filter((pair): pair is [string, string] => typeof pair[1] === 'string');
    const waiting: Waiting = { url: form.action, test: form.dataset.test!, fields, files: this.files };
    if (this.note) this.note.value = '';
    this.notes.delete(waiting.test);
    await this.queue.add(waiting);
    this.waits(waiting.test, true);
    const next = form.dataset.next;
    if (next && fields.some(([name]) => name === 'go_on')) await this.open(next);
    else form.querySelectorAll<HTMLInputElement>('[name=status]').forEach((one) => (one.checked = false));
    await this.send();
    if (!next) await this.open(location.href).catch(() => undefined);
  }

  /** Shows a test, from what was fetched ahead if it is there. */
  private async open(href: string): Promise<void> {
    const text = this.ahead.get(href) ?? (await pane(href));
    this.ahead.delete(href);
    const fresh = parse(text).querySelector('#detail');
    if (!fresh) return location.assign(href);
    this.querySelector('#detail')!.replaceWith(fresh);
    htmx.process(fresh);
    if (href !== location.href) history.pushState({ htmx: true }, '', href);
    const test = new URL(href, location.href).searchParams.get('test_id');
    this.querySelectorAll('tr[aria-current]').forEach((row) => row.removeAttribute('aria-current'));
    const row = document.getElementById(`t${test}`);
    row?.setAttribute('aria-current', 'true');
    (row ?? this.querySelector('#more'))?.scrollIntoView({ block: 'nearest' });
    this.querySelector<HTMLElement>('#detail')!.focus({ preventScroll: true });
    this.opened();
  }

  /** Sends what waits, oldest first. What the server finds wrong is said; what it could not take is sent again. */
  private async send(): Promise<void> {
    if (this.isSending) return;
    this.isSending = true;
    try {
      for (let first = this.queue.first; first; first = this.queue.first) {
        const answer = await fetch(first.url, { method: 'POST', body: new URLSearchParams(first.fields), headers: fragment });
        if (answer.status >= 500 || answer.status === 429) throw new Error(answer.statusText);
        const text = await answer.text();
        if (answer.ok && !answer.redirected) {
          await this.upload(first, text);
          this.show(text);
        } else {
          this.say(`${reason(text, answer.status)} The result was not saved.`, true);
          this.notes.set(first.test, first.fields.find(([name]) => name === 'note')?.[1] ?? '');
        }
        await this.queue.drop(first);
        this.waits(first.test, false);
      }
      this.pending();
    } catch {
      this.pending();
      setTimeout(() => void this.send(), AGAIN);
    } finally {
      this.isSending = false;
    }
  }

  /** Files follow once the result has an id. */
  private async upload(first: Waiting, text: string): Promise<void> {
    const result = parse(text).querySelector<HTMLFormElement>('[data-undo]')?.getAttribute('action')?.match(/results\/(\d+)/)?.[1];
    if (first.files.length === 0 || !result) return;
    const body = new FormData();
    first.files.forEach((file) => body.append('files[]', file));
    const url = `/api/attest/v1/runs/${this.dataset.run}/results/${result}/attachments`;
    const headers = { 'X-Attest-Csrf': '1', 'Idempotency-Key': `${first.fields.find(([name]) => name === 'token')?.[1]}-files` };
    const answer = await fetch(url, { method: 'POST', body, headers });
    if (answer.status >= 500 || answer.status === 429) throw new Error(answer.statusText);
    if (!answer.ok) this.say('The result was saved, but its files were refused. Add smaller ones to a new result.', true);
  }

  private async undo(form: HTMLFormElement): Promise<void> {
    try {
      const answer = await fetch(form.action, { method: 'POST', headers: fragment });
      const text = await answer.text();
      if (!answer.ok) {
        this.say(reason(text, answer.status), true);
        return;
      }
      this.ahead.clear();
      this.show(text);
      const row = parse(text).querySelector('tr[id]');
      const href = row?.querySelector<HTMLAnchorElement>('a[data-open]')?.getAttribute('href');
      if (href) await this.open(href);
    } catch {
      this.say('There is no connection. Try again later.', true);
    }
  }

  /** What others did since the newest result that is shown. */
  private async look(): Promise<void> {
    const latest = this.querySelector<HTMLElement>('#summary')?.dataset.latest;
    if (this.isSending || document.hidden || this.hasAttribute('data-closed')) return;
    try {
      const query = new URLSearchParams(location.search);
      query.delete('test_id');
      const answer = await fetch(`/runs/view/${this.dataset.run}/since/${latest}?${query}`, { headers: fragment });
      if (answer.ok && !answer.redirected) this.show(await answer.text());
    } catch {
      this.pending();
    }
  }

  /** Puts the band, rows and toasts of an answer in their places. */
  private show(text: string): void {
    const news = parse(text);
    const band = news.querySelector('#summary');
    if (band) this.querySelector('#summary')?.replaceWith(band);
    news.querySelectorAll('tr[id]').forEach((row) => {
      const old = document.getElementById(row.id);
      if (!old) return;
      const isFocused = old.contains(document.activeElement);
      if (old.hasAttribute('aria-current')) row.setAttribute('aria-current', 'true');
      old.replaceWith(row);
      htmx.process(row);
      if (isFocused) row.querySelector<HTMLElement>('a[data-open]')?.focus({ preventScroll: true });
    });
    const toast = news.querySelector('.toast');
    if (toast) this.toast(toast);
  }

  private waits(test: string, isWaiting: boolean): void {
    document.getElementById(`t${test}`)?.toggleAttribute('data-waiting', isWaiting);
  }

  /** Says how much is not sent yet. */
  private pending(): void {
    const n = this.queue.size;
    const box = this.querySelector('.pending');
    if (n === 0) {
      box?.remove();
      return;
    }
    const words = `No connection. ${n} ${n === 1 ? 'result is' : 'results are'} kept in this browser and sent later.`;
    if (box) box.textContent = words;
    else this.say(words, true).classList.add('pending');
  }

  private say(words: string, stays: boolean): HTMLElement {
    const toast = document.createElement('div');
    toast.className = stays ? 'toast toast-bad' : 'toast';
    toast.textContent = words;
    this.toast(toast, stays);
    return toast;
  }

  private toast(toast: Element, stays = false): void {
    const box = this.querySelector('.toasts')!;
    box.querySelectorAll('.toast:not(.pending)').forEach((old) => old.remove());
    box.append(toast);
    if (stays) return;
    const go = () => (toast.matches(':hover, :focus-within') ? setTimeout(go, TOAST) : toast.remove());
    setTimeout(go, TOAST);
  }
}

const fragment = { 'HX-Request': 'true', 'HX-Target': 'div#news' };

async function pane(href: string): Promise<string> {
  const answer = await fetch(href, { headers: { 'HX-Request': 'true', 'HX-Target': 'aside#detail' } });
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.text();
}

function parse(text: string): Document {
  return new DOMParser().parseFromString(text, 'text/html');
}

/** What the page of an error says. */
function reason(text: string, status: number): string {
  const page = parse(text);
  const words = page.querySelector('[role=alert] li, main p')?.textContent?.trim();
  return words || `The server answered ${status}.`;
}

customElements.define('at-run', Run);
