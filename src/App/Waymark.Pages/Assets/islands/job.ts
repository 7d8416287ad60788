// Follows a running job by server-sent events; without events (old proxy, lost connection) it reads the page again every 5 s.
// The page shows the same state after a plain reload, so nothing depends on this script.
for (const element of document.querySelectorAll<HTMLElement>('[data-job]')) {
  const bar = element.querySelector<HTMLProgressElement>('progress');
  const text = element.querySelector<HTMLElement>('[data-job-text]');
  const status = element.querySelector<HTMLElement>('[role=status]');
  let quarter = 0;
  const source = new EventSource(`/jobs/${encodeURIComponent(element.dataset.job!)}/events`);
  source.onmessage = event => {
    const state = JSON.parse(event.data) as { done: number; of: number | null; text: string; ended: boolean };
    if (state.ended) { source.close(); location.reload(); return; }
    if (text) text.textContent = state.text;
    if (bar && state.of) {
      bar.max = state.of;
      bar.value = state.done;
      const now = Math.floor((4 * state.done) / state.of);
      if (now > quarter && status) { quarter = now; status.textContent = state.text; }
    }
  };
  source.onerror = () => { source.close(); setTimeout(() => location.reload(), 5000); };
}
