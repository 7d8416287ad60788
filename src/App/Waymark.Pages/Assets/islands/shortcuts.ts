// Single-key shortcuts: "g" then a letter goes to a page, "j"/"k" move between rows, "?" opens the list of shortcuts.
// Off inside fields, and off for good when the person has said so (WCAG 2.1.4).
const off = 'waymark-shortcuts-off';
const places: Record<string, string> = { h: '/', d: '/data', s: '/sources', q: '/quality', j: '/jobs' };
let waitingForPlace = false;

document.addEventListener('keydown', event => {
  const target = event.target as HTMLElement;
  if (event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem(off) === 'yes') return;
  if (target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName)) return;
  if (waitingForPlace) {
    waitingForPlace = false;
    const place = places[event.key];
    if (place) location.assign(place);
  } else if (event.key === 'g') {
    waitingForPlace = true;
  } else if (event.key === '?') {
    location.assign('/about/keyboard');
  } else if (event.key === '/') {
    const field = document.querySelector<HTMLElement>('[data-search]');
    if (field) { event.preventDefault(); field.focus(); }
  } else if (event.key === 'j' || event.key === 'k') {
    const rows = [...document.querySelectorAll<HTMLElement>('tbody th a')];
    const at = rows.indexOf(document.activeElement as HTMLElement);
    rows[Math.max(0, Math.min(rows.length - 1, at + (event.key === 'j' ? 1 : -1)))]?.focus();
  }
});

const box = document.querySelector<HTMLInputElement>('input[data-shortcuts]');
if (box) {
  box.checked = localStorage.getItem(off) !== 'yes';
  box.addEventListener('change', () => box.checked ? localStorage.removeItem(off) : localStorage.setItem(off, 'yes'));
}
