// While somebody types in a form with data-live="part", the answer's part of that id is shown at once.
// Without scripts the form's own button does the same. The form is sent as it would be by the button that
// data-live-button selects (its formaction, name and value), at most once in half a second.
"use strict";

const PAUSE = 500; // milliseconds without typing

function asked(form) {
  const button = form.dataset.liveButton ? form.querySelector(form.dataset.liveButton) : null;
  const body = new FormData(form, button);
  const address = new URL(button?.hasAttribute("formaction") ? button.formAction : form.action, location.href);
  const post = (button?.hasAttribute("formmethod") ? button.formMethod : form.method) === "post";
  for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
  if (post) return [address, { method: "POST", body }];
  address.search = new URLSearchParams(body);
  return [address, { method: "GET" }];
}

async function refresh(form, stop) {
  const part = document.getElementById(form.dataset.live);
  part.setAttribute("aria-busy", "true");
  try {
    const [address, how] = asked(form);
    const answer = await fetch(address, { ...how, signal: stop.signal, credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(form.dataset.live);
    if (fresh) part.replaceChildren(...fresh.childNodes);
    part.removeAttribute("aria-busy");
  } catch (error) {
    if (error.name !== "AbortError") part.removeAttribute("aria-busy"); // no network: the button is still there
  }
}

for (const form of document.querySelectorAll("form[data-live]")) {
  let waiting, stop;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    stop?.abort();
    stop = new AbortController();
    waiting = setTimeout(refresh, PAUSE, form, stop);
  });
}
