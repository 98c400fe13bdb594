// A slider and a typed number that belong together (data-pair names the other by its id) show the same number.
"use strict";

for (const one of document.querySelectorAll("input[data-pair]")) {
  const other = document.getElementById(one.dataset.pair);
  one.addEventListener("input", () => {
    other.value = one.value;
  });
}

// Another rule has another slider: it comes with the whole page.
for (const one of document.querySelectorAll("form[data-live] select#sum")) {
  one.addEventListener("change", () => one.form.requestSubmit());
}
