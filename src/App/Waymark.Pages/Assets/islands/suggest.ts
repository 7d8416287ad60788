// Suggestions while a reference is typed (combobox with a list, WAI-ARIA 1.2). The words go by POST under the form's own token and stand in no address;
// without this script the form's own step offers the same records to choose from.
type Suggestion = { reference: string; text: string };
let made = 0;
for (const field of document.querySelectorAll<HTMLInputElement>('input[data-suggest]')) {
  const form = field.form!;
  const [, , register, id] = new URL(form.action).pathname.split('/');
  const list = document.createElement('ul');
  const said = document.createElement('p');
  const at = `suggest-${++made}`;
  list.id = at;
  list.hidden = true;
  list.className = 'suggest';
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', field.labels?.[0]?.textContent?.trim() ?? '');
  said.className = 'vh';
  said.setAttribute('role', 'status');
  for (const [name, value] of [['role', 'combobox'], ['aria-autocomplete', 'list'], ['aria-controls', at], ['aria-expanded', 'false']]) field.setAttribute(name, value);
  field.after(list, said);
  let active = -1;
  let wait = 0;
  let asked = 0;

  const mark = (to: number) => {
    active = to;
    [...list.children].forEach((one, place) => one.setAttribute('aria-selected', String(place === active)));
    if (active < 0) field.removeAttribute('aria-activedescendant');
    else {
      field.setAttribute('aria-activedescendant', list.children[active].id);
      list.children[active].scrollIntoView({ block: 'nearest' });
    }
  };
  const close = () => {
    window.clearTimeout(wait);
    asked++;
    list.hidden = true;
    field.setAttribute('aria-expanded', 'false');
    mark(-1);
  };
  const take = (place: number) => {
    field.value = (list.children[place] as HTMLElement).dataset.reference!;
    said.textContent = '';
    close();
  };
  const show = (found: Suggestion[]) => {
    list.replaceChildren(...found.map((one, place) => {
      const item = document.createElement('li');
      item.id = `${at}-${place}`;
      item.setAttribute('role', 'option');
      item.dataset.reference = one.reference;
      item.textContent = one.text;
      // Before the field loses the focus, which closes the list.
      item.addEventListener('pointerdown', event => { event.preventDefault(); take(place); });
      return item;
    }));
    mark(-1);
    list.hidden = found.length === 0;
    field.setAttribute('aria-expanded', String(found.length > 0));
    said.textContent = found.length > 0 ? field.dataset.some!.replace('{number}', String(found.length)) : field.dataset.none!;
  };
  const ask = async () => {
    const mine = ++asked;
    const body = new URLSearchParams({ path: field.dataset.suggest!, words: field.value, id: id?.length === 32 ? id : '' });
    for (const name of ['__RequestVerificationToken', 'unit', 'purpose']) body.set(name, form.querySelector<HTMLInputElement>(`input[name=${name}]`)?.value ?? '');
    try {
      const answer = await fetch(`/cases/${register}/suggest`, { method: 'POST', body });
      if (mine === asked && answer.ok) show(await answer.json() as Suggestion[]);
    } catch {
      // Out of reach: the form's own step still offers the choice.
    }
  };

  field.addEventListener('input', () => {
    close();
    const words = field.value.trim();
    if (words.length > 1 || words === '?') wait = window.setTimeout(ask, 250);
  });
  field.addEventListener('blur', close);
  field.addEventListener('keydown', event => {
    const last = list.children.length - 1;
    if (list.hidden || event.isComposing) return;
    if (event.key === 'ArrowDown') mark(active < last ? active + 1 : 0);
    else if (event.key === 'ArrowUp') mark(active > 0 ? active - 1 : last);
    else if (event.key === 'Enter' && active >= 0) take(active);
    else if (event.key === 'Escape') close();
    else return;
    event.preventDefault();
  });
}
