// The statuses of single steps suggest that of the test: the one that says most, as crates/model/src/status.rs weighs them.
// Whoever chose a status for the test keeps it.

document.addEventListener('change', (event) => {
  const field = event.target as HTMLInputElement | HTMLSelectElement;
  if (!field.form?.matches('#result')) return;
  if (field.name === 'status') field.form.dataset.picked = '';
  else if (field.matches('[data-step-status]') && !('picked' in field.form.dataset)) suggest(field.form);
});

function suggest(form: HTMLFormElement): void {
  const steps = [...document.querySelectorAll<HTMLSelectElement>('select[data-step-status]')];
  const weight = (select: HTMLSelectElement) => Number(select.selectedOptions[0]?.dataset.weight);
  const given = steps.filter((select) => select.value).sort((a, b) => weight(b) - weight(a));
  const most = given[0];
  const says = most && (weight(most) > 1 || given.length === steps.length);
  form.querySelectorAll<HTMLInputElement>('[name=status]').forEach((status) => {
    status.checked = Boolean(says) && status.value === most?.value;
  });
}
