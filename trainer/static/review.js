// Keeps an evaluator's draft while she writes. Without it the button “Save the draft” does the same.
"use strict";
(() => {
  const form = document.querySelector("form.sheet[data-draft]");
  if (!form || !window.fetch) return;
  const kept = form.querySelector(".sheet-kept");
  const WAIT = 1500, AGAIN = 10000;
  let timer = null, sending = null, dirty = false;

  const later = (wait) => { clearTimeout(timer); timer = setTimeout(keep, wait); };

  async function send() {
    dirty = false;
    try {
      const answer = await fetch(form.dataset.draft, {
        method: "POST", body: new FormData(form), headers: { Accept: "application/json" }, credentials: "same-origin",
      });
      const data = await answer.json();
      if (answer.ok) form.elements.version.value = data.version;
      kept.textContent = answer.ok ? data.words : data.error;
    } catch (_error) {
      dirty = true;
      kept.textContent = form.dataset.failed;
      later(AGAIN);
    }
  }

  async function keep() {
    clearTimeout(timer);
    if (sending) { later(WAIT); return; }
    if (!dirty) return;
    sending = send();
    await sending;
    sending = null;
  }

  form.addEventListener("input", () => { dirty = true; later(WAIT); });
  // A draft on its way would make the button's version old: let it arrive first.
  form.addEventListener("submit", async (event) => {
    clearTimeout(timer);
    dirty = false;
    if (!sending) return;
    event.preventDefault();
    await sending;
    dirty = false;
    clearTimeout(timer);
    form.requestSubmit(event.submitter);
  });
  // What she chose while this script was still on its way.
  const chosen = Array.from(form.elements).some((field) =>
    field.type === "radio" ? field.checked !== field.defaultChecked : field.type !== "hidden" && "defaultValue" in field && field.value !== field.defaultValue);
  if (chosen) { dirty = true; later(WAIT); }
})();
