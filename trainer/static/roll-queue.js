/* Marks that are not sent yet. They are kept in this browser, one entry each, through reloads, restarts and
   sign-outs; sent when the page opens, at every act and when the network is back; and gone only when the server has
   answered about each. The number of a mark (its nonce) makes sending it twice harmless. */
"use strict";
window.rollQueue = (() => {
  const panel = document.getElementById("queue");
  if (!panel || !window.fetch) return null;
  const MARK = "roll:mark:", AT_ONCE = 100, PATIENCE = 20000, SOON = 1500, WAITS = [3000, 6000, 12000, 30000];
  const words = panel.dataset, account = Number(words.account);
  const lost = new Map(); // what a browser that keeps nothing is given to keep
  const late = [], sure = new Set();
  let token = words.token, running = false, again = false, timer = null, failures = 0, why = "", last = 0, begun = 0, told = 0;
  let listen = () => {};

  const keeps = (() => {
    try { localStorage.setItem("roll:try", "1"); localStorage.removeItem("roll:try"); return true; } catch (_error) { return false; }
  })();

  function keep(item) {
    if (!keeps) { lost.set(item.nonce, item); return; }
    try { localStorage.setItem(MARK + item.nonce, JSON.stringify(item)); } catch (_error) { lost.set(item.nonce, item); }
  }

  function forget(nonce) {
    lost.delete(nonce);
    if (keeps) localStorage.removeItem(MARK + nonce);
  }

  function everything() {
    const found = Array.from(lost.values());
    for (let n = 0; keeps && n < localStorage.length; n += 1) {
      const key = localStorage.key(n);
      if (key && key.startsWith(MARK)) {
        try { found.push(JSON.parse(localStorage.getItem(key))); } catch (_error) { /* not of ours */ }
      }
    }
    return found.sort((a, b) => a.order - b.order);
  }

  const mine = () => everything().filter((item) => item.account === account);
  const waiting = () => mine().filter((item) => !item.refused);

  function nonce() {
    return Array.from(crypto.getRandomValues(new Uint8Array(12)), (b) => b.toString(16).padStart(2, "0")).join("");
  }

  function add(marks) {
    last = Math.max(last, ...everything().map((item) => item.order), 0);
    marks.forEach((mark) => {
      last += 1;
      keep(Object.assign({ account, who: words.who, nonce: nonce(), order: last, said_at: Date.now() }, mark));
    });
    draw();
    send();
  }

  /* An answer of the server as {status, data}; data is null where it is no JSON. Throws where none came. */
  async function ask(url, body) {
    const stop = new AbortController(), clock = setTimeout(() => stop.abort(), PATIENCE);
    const headers = { Accept: "application/json" };
    if (body) Object.assign(headers, { "Content-Type": "application/json", "X-CSRFToken": token });
    try {
      const answer = await fetch(url, { method: body ? "POST" : "GET", body: body && JSON.stringify(body), headers, credentials: "same-origin", signal: stop.signal });
      const json = (answer.headers.get("Content-Type") || "").startsWith("application/json");
      const data = json ? await answer.json() : null;
      if (data && data.token && data.account === account) token = data.token;
      return { status: answer.status, data, signedOut: answer.redirected || (!json && answer.status === 200) };
    } finally { clearTimeout(clock); }
  }

  const address = (lesson) => words.url.replace("/0/", "/" + lesson + "/");

  async function post(lesson, items) {
    const marks = items.map(({ enrolment, status, nonce, seen, said_at, rest }) => ({ enrolment, status, nonce, seen, said_at, rest }));
    const body = { account, since: Math.min(...items.map((item) => item.since)), marks };
    let answer = await ask(address(lesson), body);
    if (answer.status !== 400) return answer;
    // The form key is of an earlier session: ask for one of this session.
    const fresh = await ask(address(lesson).replace(/marks$/, "changes?since=" + body.since));
    if (fresh.signedOut || (fresh.data && fresh.data.account !== account)) return { status: fresh.signedOut ? 302 : 409, signedOut: fresh.signedOut };
    return ask(address(lesson), body);
  }

  /* Whether to go on with what else waits. */
  function settle(lesson, items, { status, data, signedOut }) {
    if (signedOut) { failures = 1; why = words.signedOut; return false; }
    if (status === 200 && data && data.answers) {
      const told = new Map(data.answers.map((one) => [one.nonce, one]));
      items.forEach((item) => {
        const one = told.get(item.nonce);
        if (!one) return;
        if (one.outcome === "refused") keep(Object.assign(item, { refused: one.sentence }));
        else forget(item.nonce);
        if (one.outcome === "late") late.push(item.name + "：" + item.word);
      });
      listen(lesson, data);
      return true;
    }
    if (status === 409) { failures = 1; why = words.somebodyElse; return false; }
    if (status >= 500 || status === 429) { why = words.busy; throw new Error(why); }
    items.forEach((item) => keep(Object.assign(item, { refused: (data && data.error) || String(status) })));
    return true;
  }

  async function send() {
    clearTimeout(timer);
    if (running) { again = true; return; }
    running = true;
    try {
      let items = waiting(), go = true;
      if (!failures) {
        why = items.length ? words.sending : "";
        begun = Date.now();
        setTimeout(draw, SOON + 50);
      }
      draw();
      while (items.length && go) {
        const lesson = items[0].lesson, some = items.filter((item) => item.lesson === lesson).slice(0, AT_ONCE);
        go = settle(lesson, some, await post(lesson, some));
        draw();
        items = waiting();
      }
      if (go) { why = ""; failures = 0; }
      else timer = setTimeout(send, 30000);
    } catch (_error) {
      if (why !== words.busy) why = words.offline;
      timer = setTimeout(send, WAITS[Math.min(failures, WAITS.length - 1)]);
      failures += 1;
    }
    running = false;
    draw();
    listen(null, null);
    if (again) { again = false; send(); }
  }

  function line(name, fill) {
    const row = document.getElementById(name).content.firstElementChild.cloneNode(true);
    fill(row, row.querySelector("b"), row.querySelector("span"));
    return row;
  }

  function draw() {
    const own = mine(), list = panel.querySelector("ul"), open = own.filter((item) => !item.refused);
    const others = everything().filter((item) => item.account !== account);
    const rows = own.filter((item) => item.refused).map((item) => line(sure.has(item.nonce) ? "queue-sure" : "queue-refused", (row, b, span) => {
      row.dataset.nonce = item.nonce;
      b.textContent = item.name + "：" + item.word;
      if (!sure.has(item.nonce)) span.textContent = item.refused;
    }));
    const whose = new Map();
    others.forEach((item) => whose.set(item.who, (whose.get(item.who) || 0) + 1));
    whose.forEach((count, who) => rows.push(line("queue-others", (_row, b) => { b.textContent = who + " " + count; })));
    if (late.length) rows.push(line("queue-late", (_row, b, span) => { b.textContent = rows.length || own.length ? words.late : ""; span.textContent = late.join("、"); }));
    list.replaceChildren(...rows);
    // What is on its way and arrives at once is not worth a word.
    const soon = running && why === words.sending && Date.now() - begun < SOON;
    panel.hidden = !rows.length && (!own.length || soon);
    if (rows.length > told) panel.open = true;
    told = rows.length;
    panel.querySelector(".queue-count b").textContent = own.length;
    panel.querySelector(".queue-count").hidden = !own.length;
    panel.querySelector("summary span").textContent = own.length ? (keeps ? why : words.memory) : late.length ? words.late : rows.length ? rows[0].textContent : "";
    panel.querySelector("[data-act=send]").hidden = !open.length;
    panel.querySelector("[data-act=save]").hidden = !own.length;
    panel.querySelector("a").hidden = why !== words.signedOut;
  }

  function saveToFile() {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([JSON.stringify(mine(), null, 1)], { type: "application/json" }));
    link.download = "roll-" + new Date().toISOString().slice(0, 16).replace(/\D/g, "") + ".json";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  }

  panel.addEventListener("click", (event) => {
    const act = event.target.dataset.act, row = event.target.closest("li"), id = row && row.dataset.nonce;
    const item = id && mine().find((one) => one.nonce === id);
    if (act === "send") { failures = 0; send(); }
    if (act === "save") saveToFile();
    if (act === "again" && item) { delete item.refused; keep(item); send(); }
    if (act === "drop") sure.add(id);
    if (act === "keep") sure.delete(id);
    if (act === "throw") { forget(id); sure.delete(id); }
    draw();
    listen(null, null);
  });
  window.addEventListener("online", () => { failures = 0; send(); });
  window.addEventListener("storage", () => { draw(); listen(null, null); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
  window.addEventListener("beforeunload", (event) => { if (!keeps && lost.size) event.preventDefault(); });
  setTimeout(send, 0);
  draw();
  return { add, ask, account, keeps, pending: (lesson) => mine().filter((item) => item.lesson === lesson), send, listen: (fn) => { listen = fn; } };
})();
