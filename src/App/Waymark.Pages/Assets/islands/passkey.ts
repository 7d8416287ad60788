// A passkey is made or shown by the browser; the form that carries it to the server is an ordinary form. Without script
// the page says so and offers the other ways.
type Prepared = { parseCreationOptionsFromJSON?: (o: unknown) => PublicKeyCredentialCreationOptions; parseRequestOptionsFromJSON?: (o: unknown) => PublicKeyCredentialRequestOptions };
const known = window.PublicKeyCredential as unknown as Prepared | undefined;
for (const form of document.querySelectorAll<HTMLFormElement>('form[data-passkey]')) {
  if (!known?.parseCreationOptionsFromJSON || !known.parseRequestOptionsFromJSON) continue;
  form.querySelector<HTMLElement>('[data-without]')!.hidden = true;
  form.querySelector<HTMLElement>('[data-with]')!.hidden = false;
  const problem = form.querySelector<HTMLElement>('[data-problem]')!;
  const field = form.querySelector<HTMLInputElement>('[name=credential]')!;
  form.addEventListener('submit', async event => {
    event.preventDefault();
    problem.hidden = true;
    try {
      const answer = await fetch(form.dataset.options!, { method: 'POST', body: new URLSearchParams(new FormData(form) as unknown as Record<string, string>) });
      if (!answer.ok) throw new Error(String(answer.status));
      const options = await answer.json();
      const credential = form.dataset.passkey === 'create'
        ? await navigator.credentials.create({ publicKey: known.parseCreationOptionsFromJSON!(options) })
        : await navigator.credentials.get({ publicKey: known.parseRequestOptionsFromJSON!(options) });
      field.value = JSON.stringify((credential as unknown as { toJSON(): unknown }).toJSON());
      form.submit();
    } catch {
      problem.hidden = false;
    }
  });
}
