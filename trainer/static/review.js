/* An evaluator's sheet: kept on this device with every key, sent when she pauses and when the connection is back, and
   gone from the device only when the site has confirmed it. Without a script the button “Save the draft” does the same. */
"use strict";
(() => {
  const KEY = "sheet:", WAIT = 1500, AGAIN = 10000;

  const store = {
    get(key) { try { return JSON.parse(localStorage.getItem(KEY + key)); } catch (_error) { return null; } },
    set(key, value) { try { localStorage.setItem(KEY + key, JSON.stringify(value)); return true; } catch (_error) { return false; } },
    drop(key) { try { localStorage.removeItem(KEY + key); } catch (_error) { /* nothing was kept */ } },
  };

  const done = /^#done-(\d+)$/.exec(location.hash);
  if (done) {
    try { Object.keys(localStorage).filter((key) => key.startsWith(KEY) && key.endsWith(":" + done[1])).forEach((key) => localStorage.removeItem(key)); } catch (_error) { /* nothing was kept */ }
    history.replaceState(null, "", location.pathname + location.search);
  }

  const list = document.getElementById("unsent");
  if (list) {
    document.querySelectorAll("[data-sheet]").forEach((row) => {
      if (!store.get(list.dataset.account + ":" + row.dataset.sheet)) return;
      const said = document.createElement("strong");
      said.textContent = list.dataset.words;
      row.append(" ", said);
    });
    return;
  }

  const form = document.querySelector("form[data-draft]");
  if (!form || !window.fetch) return;
  const words = form.dataset, kept = form.querySelector(".sheet-kept"), clash = document.querySelector(".sheet-clash");
  const NOT_SAID = ["csrf_token", "version", "act", "reason"];
  let timer = null, sending = null, dirty = false, submitting = false;

  function read() {
    const fields = {};
    Array.from(form.elements).forEach((field) => {
      if (!field.name || NOT_SAID.includes(field.name) || (field.type === "radio" && !field.checked)) return;
      fields[field.name] = field.value;
    });
    return fields;
  }

  function write(fields) {
    Array.from(form.elements).forEach((field) => {
      if (!field.name || NOT_SAID.includes(field.name)) return;
      const value = fields[field.name] === undefined || fields[field.name] === null ? "" : String(fields[field.name]);
      if (field.type === "radio") field.checked = field.value === value;
      else field.value = value;
    });
  }

  const same = (one, other) => Object.keys({ ...one, ...other }).every((name) => String(one[name] ?? "") === String(other[name] ?? ""));
  const keepHere = () => store.set(words.key, { version: form.elements.version.value, fields: read(), at: Date.now() });
  const later = (wait) => { clearTimeout(timer); timer = setTimeout(keep, wait); };

  /* Both texts beside each other: nothing is sent until she has chosen. */
  function offer(mine, theirs, version) {
    const label = (name) => {
      const field = form.querySelector("[name='" + CSS.escape(name) + "']"), group = field && field.closest("fieldset");
      const own = field && field.type !== "radio" && form.querySelector("label[for='" + field.id + "']");
      return (own ? (group ? group.querySelector("legend").firstChild.textContent.trim() + " · " : "") + own.textContent : group ? group.querySelector("legend").firstChild.textContent : name).trim();
    };
    const shown = (name, value) => {
      const radio = value !== "" && form.querySelector("input[type=radio][name='" + CSS.escape(name) + "'][value='" + CSS.escape(value) + "']");
      return radio ? radio.closest("label").textContent.trim() : value || "—";
    };
    [["here", mine], ["there", theirs]].forEach(([side, fields]) => {
      const parts = Object.keys({ ...mine, ...theirs }).filter((name) => String(mine[name] ?? "") !== String(theirs[name] ?? "")).flatMap((name) => {
        const dt = document.createElement("dt"), dd = document.createElement("dd");
        dt.textContent = label(name);
        dd.textContent = shown(name, String(fields[name] ?? ""));
        return [dt, dd];
      });
      clash.querySelector("[data-side=" + side + "]").replaceChildren(...parts);
      clash.querySelector("[data-take=" + side + "]").onclick = () => {
        form.elements.version.value = version;
        write(fields);
        clash.hidden = true;
        store.drop(words.key);
        if (side === "here") { dirty = true; keepHere(); later(0); }
        form.querySelector("input:checked, textarea").focus();
      };
    });
    dirty = false;
    clash.hidden = false;
    clash.scrollIntoView({ block: "nearest" });
  }

  async function send() {
    dirty = false;
    try {
      const answer = await fetch(words.draft, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" }, credentials: "same-origin" });
      if (answer.redirected || !(answer.headers.get("Content-Type") || "").startsWith("application/json")) {
        kept.textContent = answer.redirected ? words.signedOut : words.failed;
        dirty = true;
        later(AGAIN);
        return;
      }
      const data = await answer.json();
      if (answer.ok) {
        form.elements.version.value = data.version;
        if (dirty) keepHere(); else store.drop(words.key);
      }
      if (answer.status === 409 && data.fields) offer(read(), data.fields, data.version);
      kept.textContent = answer.ok ? data.words : data.error;
    } catch (_error) {
      dirty = true;
      kept.textContent = words.failed;
      later(AGAIN);
    }
  }

  async function keep() {
    clearTimeout(timer);
    if (sending) { later(WAIT); return; }
    if (!dirty || !clash.hidden) return;
    sending = send();
    await sending;
    sending = null;
  }

  form.addEventListener("input", (event) => {
    if (event.target.name === "reason") return;
    dirty = true;
    keepHere();
    later(WAIT);
  });
  window.addEventListener("online", () => { if (dirty) later(0); });

  // A draft on its way would make the button's version old: let it arrive first.
  form.addEventListener("submit", async (event) => {
    if (!navigator.onLine) { event.preventDefault(); kept.textContent = words.offline; return; }
    clearTimeout(timer);
    dirty = false;
    if (sending) {
      event.preventDefault();
      const { submitter } = event;
      await sending;
      dirty = false;
      clearTimeout(timer);
      form.requestSubmit(submitter);
      return;
    }
    submitting = true;
  });
  // What the site has taken is not kept twice: the next page of this sheet says which version it has.
  window.addEventListener("pagehide", () => { if (submitting) { const was = store.get(words.key); if (was) store.set(words.key, { ...was, sent: true }); } });

  function begin() {
    const was = store.get(words.key), now = read(), version = form.elements.version.value;
    if (was && (same(was.fields, now) || (was.sent && was.version !== version))) { store.drop(words.key); return false; }
    if (!was) return false;
    if (was.version === version) { write(was.fields); return true; }
    offer(was.fields, now, version);
    return false;
  }

  // What she chose while this script was still on its way is hers, and newer than what the device kept.
  const chosen = Array.from(form.elements).some((field) =>
    field.type === "radio" ? field.checked !== field.defaultChecked : field.type !== "hidden" && "defaultValue" in field && field.value !== field.defaultValue);
  if (chosen) keepHere();
  if (chosen || begin()) { dirty = true; later(WAIT); }

  /* Keys: a number chooses a level of the question she is in, N goes to the next one, Ctrl+Enter asks and submits. */
  const questions = Array.from(form.querySelectorAll("[data-question]")), sure = form.querySelector(".sheet-sure");
  const go = (question) => { const at = question.querySelector("input:checked") || question.querySelector("input"); at.focus(); question.scrollIntoView({ block: "nearest" }); };
  form.querySelector(".sheet-keys").hidden = false;
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !sure.open && form.contains(document.activeElement)) {
      event.preventDefault();
      sure.showModal();
      return;
    }
    const typing = document.activeElement && document.activeElement.matches("textarea, select, input:not([type=radio])");
    if (typing || sure.open || event.ctrlKey || event.altKey || event.metaKey) return;
    const here = document.activeElement && document.activeElement.closest("[data-question]");
    if (/^[0-9]$/.test(event.key)) {
      const question = here || questions.find((one) => !one.querySelector("input:checked:not([value=''])")) || questions[0];
      const radio = question.querySelector("input[type=radio][value='" + event.key + "']");
      if (!radio) return;
      event.preventDefault();
      radio.focus();
      if (!radio.checked) radio.click();
    } else if (event.key === "n" || event.key === "N") {
      const next = questions[questions.indexOf(here) + 1];
      event.preventDefault();
      if (next) go(next); else form.elements.strengths.focus();
    }
  });
  sure.addEventListener("click", (event) => {
    if (!event.target.dataset.sure) return;
    sure.close();
    if (event.target.dataset.sure === "yes") form.requestSubmit(form.querySelector("button[value=submit]"));
  });
})();
