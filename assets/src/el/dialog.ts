// A link with data-dialog leads to a page with one form. Here the form opens over the page instead; what is sent goes the
// same way, and an answer that finds fault with it is the page of the form.

/** Ends the wait for a form that is still on its way. */
let asked = new AbortController();

document.addEventListener('click', (event) => {
  const link = (event.target as Element).closest<HTMLAnchorElement>('a[data-dialog]');
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  asked.abort();
  asked = new AbortController();
  const { signal } = asked;
  open(link, signal).catch(() => signal.aborted || location.assign(link.href));
});

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') asked.abort();
});

async function open(link: HTMLAnchorElement, signal: AbortSignal): Promise<void> {
  const answer = await fetch(link.href, { headers: { accept: 'text/html' }, signal });
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const form = page.querySelector<HTMLFormElement>('main form.card');
  const title = page.querySelector('main h1');
  if (!answer.ok || !form || !title) return location.assign(link.href);
  const dialog = document.createElement('dialog');
  title.id = 'dialog-title';
  dialog.setAttribute('aria-labelledby', title.id);
  dialog.append(title, form);
  dialog.addEventListener('close', () => dialog.remove());
  dialog.addEventListener('click', (event) => {
    const target = event.target as Element;
    const isAway = target === dialog && (form.method === 'get' || !dirty(form));
    if (isAway || target.closest('.card-foot a')) {
      event.preventDefault();
      dialog.close();
      link.focus();
    }
  });
  document.body.append(dialog);
  dialog.showModal();
  const first = form.querySelector<HTMLInputElement>('input:not([type=hidden]), select, textarea');
  first?.focus();
  if (first instanceof HTMLInputElement) first.select();
}

/** Whether somebody changed anything in a form. */
export function dirty(form: HTMLFormElement): boolean {
  return [...form.elements].some((one) => {
    if (one instanceof HTMLSelectElement) return [...one.options].some((o) => o.selected !== o.defaultSelected);
    if (one instanceof HTMLTextAreaElement) return one.value !== one.defaultValue;
    if (!(one instanceof HTMLInputElement)) return false;
    return /checkbox|radio/.test(one.type) ? one.checked !== one.defaultChecked : one.value !== one.defaultValue;
  });
}
