/* A visit where the network fails: every fact is kept on this phone the moment it is given, sent when there is a network,
   and gone from the phone only when the site has answered about it; its number (nonce) makes sending it twice harmless.
   Without this script the page's forms do the same with a network. */
"use strict";
(() => {
  const form = document.getElementById("facts");
  if (!form || !window.fetch) return;
  const words = form.dataset, account = Number(words.account), visit = Number(words.visit);
  const SAY = "visit:say:", KNOWN = "visit:known:" + account + ":" + visit, DAYS = 3 * 86400000, PATIENCE = 20000, PAUSE = 1500, WAITS = [3000, 6000, 12000, 30000];
  const panel = document.getElementById("queue"), arrival = document.getElementById("arrive").parentElement;
  const lost = new Map(); // what a browser that keeps nothing is given to keep
  let token = words.token, running = false, again = false, failures = 0, why = "", timer = null, last = 0, known = { at: Date.now(), facts: {} };

  function keep(item) {
    try { localStorage.setItem(SAY + item.nonce, JSON.stringify(item)); } catch (_error) { lost.set(item.nonce, item); }
  }

  function forget(nonce) {
    lost.delete(nonce);
    try { localStorage.removeItem(SAY + nonce); } catch (_error) { /* nothing was kept */ }
  }

  function mine() {
    const found = Array.from(lost.values());
    try {
      Object.keys(localStorage).filter((key) => key.startsWith(SAY)).forEach((key) => found.push(JSON.parse(localStorage.getItem(key))));
    } catch (_error) { /* not of ours */ }
    return found.filter((item) => item.account === account).sort((a, b) => a.order - b.order);
  }

  const here = () => mine().filter((item) => item.visit === visit);

  function add(saying, name) {
    const nonce = Array.from(crypto.getRandomValues(new Uint8Array(12)), (b) => b.toString(16).padStart(2, "0")).join("");
    last = Math.max(last, ...mine().map((item) => item.order), 0) + 1;
    here().filter((item) => item.refused && item.saying.question === saying.question).forEach((item) => forget(item.nonce));
    keep({ account, visit, nonce, order: last, name, saying: Object.assign({ nonce, said_at: Date.now() }, saying) });
    draw();
    send();
  }

  async function ask(number, body) {
    const stop = new AbortController(), clock = setTimeout(() => stop.abort(), PATIENCE);
    const headers = Object.assign({ Accept: "application/json" }, body && { "Content-Type": "application/json", "X-CSRFToken": token });
    try {
      const answer = await fetch(words.url.replace("/0/", "/" + number + "/"), { method: body ? "POST" : "GET", body: body && JSON.stringify(body), headers, credentials: "same-origin", signal: stop.signal });
      const json = (answer.headers.get("Content-Type") || "").startsWith("application/json"), data = json ? await answer.json() : null;
      if (data && data.token && data.account === account) token = data.token;
      return { status: answer.status, data, signedOut: answer.redirected };
    } finally { clearTimeout(clock); }
  }

  async function post(number, items) {
    const body = { account, sayings: items.map((item) => item.saying) }, answer = await ask(number, body);
    if (answer.status !== 400) return answer;
    // The form key is of an earlier session: ask for one of this session.
    const fresh = await ask(number);
    if (fresh.signedOut || !fresh.data || fresh.data.account !== account) return fresh.signedOut ? fresh : { status: 409 };
    return ask(number, body);
  }

  /* Whether to go on with what else waits. */
  function settle(number, items, { status, data, signedOut }) {
    if (signedOut) { why = words.signedOut; return false; }
    if (status === 409) { why = words.somebodyElse; return false; }
    if (status >= 500 || status === 429) throw new Error(String(status));
    const told = new Map(((data && data.answers) || []).map((one) => [one.nonce, one]));
    items.forEach((item) => {
      const one = told.get(item.nonce) || { outcome: "refused", sentence: (data && data.error) || String(status) };
      if (one.outcome === "refused") { keep(Object.assign(item, { refused: one.sentence })); return; }
      forget(item.nonce);
      if (number === visit) { known.facts[item.saying.question || "there"] = item.saying; known.at = data.now; }
    });
    try { localStorage.setItem(KNOWN, JSON.stringify(known)); } catch (_error) { /* the site knows */ }
    return true;
  }

  async function send() {
    clearTimeout(timer);
    if (running) { again = true; return; }
    running = true;
    try {
      let items = mine().filter((item) => !item.refused), go = true;
      while (items.length && go) {
        const number = items[0].visit, some = items.filter((item) => item.visit === number).slice(0, 100);
        go = settle(number, some, await post(number, some));
        items = mine().filter((item) => !item.refused);
      }
      if (go) { why = ""; failures = 0; } else timer = setTimeout(send, 30000);
    } catch (_error) {
      why = words.offline;
      timer = setTimeout(send, WAITS[Math.min(failures, WAITS.length - 1)]);
      failures += 1;
    }
    running = false;
    draw();
    if (again) { again = false; send(); }
  }

  const question = (box) => Number(box.dataset.question);

  /* What the controls of a question say; null: nothing yet. */
  function read(box) {
    const chosen = box.querySelector("input[type=radio]:checked"), none = box.querySelector("input[type=checkbox]");
    if (!none) return chosen ? (chosen.value === "none" ? "" : chosen.value) : null;
    return none.checked ? "" : box.querySelector("input.form-control").value.trim() || null;
  }

  function write(box, value) {
    const none = box.querySelector("input[type=checkbox]");
    if (none) { none.checked = value === ""; box.querySelector("input.form-control").value = value; return; }
    box.querySelectorAll("input").forEach((radio) => { radio.checked = radio.value === (value || "none"); });
  }

  const given = new Map(); // what was said last, by question
  const boxes = Array.from(form.querySelectorAll("[data-question]"));
  const title = (box) => box.querySelector("legend").textContent.trim();

  function say(box) {
    const value = read(box);
    if (value === null || value === given.get(question(box))) return;
    given.set(question(box), value);
    add({ question: question(box), value }, title(box) + "：" + (value === "" ? words.none : box.dataset.kind === "yes_no" ? box.querySelector(":checked").parentElement.textContent.trim() : value));
  }

  function there(saying) {
    const line = arrival.querySelector("[data-arrived]");
    if (line.hidden) line.querySelector("strong").textContent = new Date(saying.said_at).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" });
    line.hidden = false;
    if (saying.place) line.querySelector("[data-place]").hidden = false;
    arrival.querySelector("form > button:not([type])").hidden = true;
    offerPlace();
  }

  function offerPlace() {
    const off = !navigator.geolocation || !window.isSecureContext || arrival.querySelector("[data-arrived]").hidden || !arrival.querySelector("[data-place]").hidden;
    arrival.querySelector("[data-act=place]").hidden = off;
    arrival.querySelector("[data-about-place]").hidden = off;
  }

  function draw() {
    const waiting = here(), open = waiting.filter((item) => !item.refused), refused = waiting.filter((item) => item.refused);
    boxes.forEach((box) => box.classList.toggle("unsent", waiting.some((item) => item.saying.question === question(box))));
    panel.hidden = !refused.length && (!open.length || (running && !failures));
    panel.querySelector("[data-count]").textContent = open.length ? words.unsent + " " + open.length : "";
    panel.querySelector("[data-why]").textContent = open.length ? why || words.sending : "";
    panel.querySelector("[data-act=send]").parentElement.hidden = !open.length;
    panel.querySelector("ul").replaceChildren(...refused.map((item) => {
      const row = document.createElement("li"), drop = document.createElement("button");
      drop.type = "button";
      drop.className = "btn btn-sm btn-outline-secondary";
      drop.textContent = words.drop;
      drop.addEventListener("click", () => { forget(item.nonce); draw(); });
      row.append(item.name + " – " + item.refused + " ", drop);
      return row;
    }));
  }

  const says = (box, text) => { const line = box.querySelector("[data-says]"); line.textContent = text; line.hidden = !text; };

  let pause = null;
  form.addEventListener("input", (event) => {
    const box = event.target.closest("[data-question]"), none = box && box.querySelector("input[type=checkbox]");
    if (!box || event.target.type === "radio") return;
    if (none && event.target !== none && event.target.value) none.checked = false;
    if (none && event.target === none && none.checked) box.querySelector("input.form-control").value = "";
    clearTimeout(pause);
    pause = setTimeout(say, PAUSE, box);
  });
  form.addEventListener("change", (event) => {
    const box = event.target.closest("[data-question]");
    clearTimeout(pause);
    if (box) say(box);
  });
  form.addEventListener("submit", (event) => { event.preventDefault(); boxes.forEach(say); failures = 0; send(); });
  window.addEventListener("pagehide", () => boxes.forEach(say));

  document.getElementById("arrive").addEventListener("submit", (event) => {
    event.preventDefault();
    const saying = { said_at: Date.now() };
    add(saying, words.there);
    there(saying);
  });
  arrival.querySelector("[data-act=place]").addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      const saying = { said_at: Date.now(), place: { latitude: coords.latitude, longitude: coords.longitude, accuracy: coords.accuracy } };
      add(saying, words.there);
      there(saying);
    }, () => { arrival.querySelector("[data-about-place]").textContent = words.noPlace; }, { enableHighAccuracy: true, timeout: PATIENCE });
  });
  panel.querySelector("[data-act=send]").addEventListener("click", () => { failures = 0; send(); });

  const picture = document.getElementById("picture"), toSign = document.getElementById("to-sign");
  if (picture) picture.addEventListener("submit", (event) => {
    if (!navigator.onLine) { event.preventDefault(); says(picture, words.needsNetwork); }
  });
  toSign.addEventListener("click", (event) => {
    boxes.forEach(say);
    if (!here().length && navigator.onLine) return;
    event.preventDefault();
    says(toSign.closest("section"), here().length ? words.firstSend : words.needsNetwork);
    failures = 0;
    send();
  });
  window.addEventListener("online", () => { failures = 0; send(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
  window.addEventListener("beforeunload", (event) => { if (lost.size) event.preventDefault(); });

  // A page kept from before may be older than what was sent since; and what waits is newer than both.
  try {
    Object.keys(localStorage).filter((key) => key.startsWith("visit:known:") && !(Date.now() - JSON.parse(localStorage.getItem(key)).at < DAYS)).forEach((key) => localStorage.removeItem(key));
    const kept = JSON.parse(localStorage.getItem(KNOWN));
    if (kept && kept.at > Number(words.rendered)) known = kept;
  } catch (_error) { /* not of ours */ }
  const newer = Object.values(known.facts).concat(here().map((item) => item.saying));
  boxes.forEach((box) => {
    const about = newer.filter((saying) => saying.question === question(box)).pop();
    if (about) write(box, about.value);
    given.set(question(box), read(box));
  });
  newer.filter((saying) => !saying.question).forEach(there);
  form.querySelectorAll(".no-script").forEach((part) => { part.hidden = true; });
  offerPlace();
  draw();
  setTimeout(send, 0);

  if (navigator.serviceWorker) {
    navigator.serviceWorker.register(words.worker, { scope: "/reviews/visits/" }).catch(() => {});
    navigator.serviceWorker.ready.then((registration) => {
      const files = Array.from(document.querySelectorAll("link[href], script[src]"), (part) => part.href || part.src);
      registration.active.postMessage({ page: location.pathname, files });
    });
  }
})();
