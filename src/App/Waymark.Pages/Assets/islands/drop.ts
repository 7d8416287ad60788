// Dropping files anywhere on the import form puts them into its file field; sending stays the form's own button,
// so the page works the same without this script.
for (const form of document.querySelectorAll<HTMLFormElement>('form[data-drop]')) {
  const field = form.querySelector<HTMLInputElement>('input[type=file]')!;
  const list = form.querySelector<HTMLElement>('[data-chosen]')!;
  const show = () => {
    list.textContent = [...(field.files ?? [])].map(file => `${file.name} (${Math.ceil(file.size / 1024)} KB)`).join(', ');
  };
  field.addEventListener('change', show);
  form.addEventListener('dragover', event => { event.preventDefault(); form.classList.add('over'); });
  form.addEventListener('dragleave', () => form.classList.remove('over'));
  form.addEventListener('drop', event => {
    event.preventDefault();
    form.classList.remove('over');
    if (!event.dataTransfer?.files.length) return;
    field.files = event.dataTransfer.files;
    show();
    form.querySelector<HTMLButtonElement>('button[type=submit], button:not([type])')?.focus();
  });
}
