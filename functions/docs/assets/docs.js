"use strict";
// Sends the form's body to its route and shows the answer as it came.
for (const form of document.querySelectorAll("form.try")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const area = form.querySelector("textarea");
    const output = form.querySelector("output");
    const options = { method: form.dataset.method };
    if (area) {
      options.headers = { "Content-Type": "application/json" };
      options.body = area.value;
    }
    output.textContent = "…";
    try {
      const answer = await fetch(form.dataset.path, options);
      const text = await answer.text();
      let shown = text;
      try { shown = JSON.stringify(JSON.parse(text), null, 2); } catch { /* not JSON: show it as it is */ }
      output.textContent = `${answer.status} ${answer.statusText}\n${shown}`;
    } catch (error) {
      output.textContent = `No answer: ${error.message}`;
    }
  });
}
