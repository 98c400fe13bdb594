// A part of a page with data-refresh="seconds" is fetched anew until it no longer says so. Without scripts the page
// itself comes again.
"use strict";

async function again(part) {
  try {
    const answer = await fetch(location.href, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(part.id);
    if (fresh) {
      part.replaceChildren(...fresh.childNodes);
      if (!fresh.dataset.refresh) return;
    }
  } catch {
    // no network: try again
  }
  setTimeout(again, 1000 * Number(part.dataset.refresh), part);
}

for (const part of document.querySelectorAll("[data-refresh]")) setTimeout(again, 1000 * Number(part.dataset.refresh), part);
