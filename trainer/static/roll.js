/* The roll with a script: a tap is kept on the phone and sent at once (roll-queue.js), what others mark is shown as it
   comes, the rest are a second step with the names shown, and the page opens again without a network. */
"use strict";
(() => {
  const form = document.getElementById("roll"), queue = window.rollQueue;
  if (!form || !queue) return;
  const words = form.dataset, lesson = Number(words.lesson), KNOWN = "roll:known:" + queue.account + ":" + lesson;
  const POLL = 4000, DAYS = 3 * 86400000, whole = !/[?&](q|show)=/.test(location.search);
  const rows = new Map(Array.from(form.querySelectorAll(".roll li"), (li) => [Number(li.id.slice(1)), read(li)]));
  const search = document.getElementById("q"), bar = document.getElementById("undo"), rest = document.getElementById("rest");
  const word = {}, only = document.getElementById("only");
  let seen = Number(form.elements.seen.value), known = { seen, rows: {}, at: Date.now() }, failures = 0, timer = null, unmarkedOnly = false;

  form.querySelectorAll(".roll li > p button").forEach((button) => { word[button.value.split(":")[1]] = button.textContent; });

  /* What the server says about a woman; `taps` false: the lesson does not apply to her. */
  function read(li) {
    const pill = li.querySelector(".pill"), by = li.querySelector("i");
    const server = { status: li.dataset.s || null, label: pill.textContent, tone: pill.className.replace(/.*pill-/, "") };
    if (server.status && by) server.by = by.textContent;
    return { li, server, taps: li.querySelector("p") !== null, decision: li.querySelector(".said"), name: li.getAttribute("aria-label"), leave: "l" in li.dataset };
  }

  const status = (row) => (row.now ? row.now.status : row.server.status);

  function show(row) {
    const { li, now, server } = row, at = status(row), pill = li.querySelector(".pill");
    if (!row.taps) return;
    li.querySelectorAll(":scope > p button").forEach((button) => {
      if (button.value.split(":")[1] === at) button.setAttribute("aria-pressed", "true");
      else button.removeAttribute("aria-pressed");
    });
    const waits = Boolean(now), refused = waits && now.refused;
    pill.className = "pill pill-" + (refused ? "bad" : waits || !at ? "plain" : server.tone);
    pill.textContent = refused ? words.unsent : waits ? now.word : at ? server.label : words.none;
    li.classList.toggle("unsent", waits);
    const old = li.querySelector("i");
    if (waits || (at && !server.by)) { if (old) old.remove(); }
    if (!waits && server.by && at) {
      const by = old || pill.insertAdjacentElement("beforebegin", document.createElement("i"));
      by.textContent = server.by;
    }
    li.classList.toggle("clash", Boolean(row.decision) && !waits);
  }

  function count() {
    if (!whole) return;
    const counts = { attended: 0, excused: 0, absent: 0, unmarked: 0 };
    rows.forEach((row) => {
      if (!row.taps) return;
      const at = status(row);
      counts[at === null ? "unmarked" : at in counts ? at : "attended"] += 1;
    });
    tell(counts);
  }

  function tell(counts) {
    Object.keys(counts).forEach((name) => { document.querySelector("[data-count=" + name + "]").textContent = counts[name]; });
    if (!("unmarked" in counts)) return;
    document.querySelectorAll("#end [data-when]").forEach((part) => { part.hidden = (part.dataset.when === "some") !== counts.unmarked > 0; });
    const close = document.querySelector("#end [data-close]"); // the one thing to do next
    if (close) { close.classList.toggle("btn-primary", !counts.unmarked); close.classList.toggle("btn-outline-primary", counts.unmarked > 0); }
  }

  function overlay() {
    const last = new Map(queue.pending(lesson).map((item) => [item.enrolment, item]));
    rows.forEach((row, id) => { row.now = last.get(id); show(row); });
    count();
  }

  function decide(row, said) {
    if (row.decision) row.decision.remove();
    row.decision = null;
    if (!said) return;
    const box = document.getElementById("decision").content.firstElementChild.cloneNode(true), id = row.li.id.slice(1);
    said.forEach((one, n) => {
      const part = box.querySelectorAll(":scope > div")[n], times = part.querySelectorAll("time"), pill = part.querySelector(".pill");
      part.querySelector("b").textContent = one.by;
      times[0].textContent = one.at;
      times[1].textContent = one.said_at;
      if (!one.said_at) part.querySelector("small").remove();
      pill.textContent = one.status ? one.label : words.none;
      pill.className = "pill pill-" + (one.tone || "plain");
      if (!one.status) return;
      const button = document.createElement("button");
      button.name = "mark";
      button.value = id + ":" + one.status + ":decides";
      button.textContent = one.label;
      box.querySelector("p").append(button);
    });
    row.li.querySelector(":scope > p").before(box);
    row.li.classList.add("clash");
    row.decision = box;
  }

  /* News of the server: kept, so that a page from before a reload without network catches up. */
  function learn(news) {
    if (news.seen < seen) return; // asked before, answered after: what is known is newer
    Object.entries(news.rows).forEach(([id, said]) => {
      const row = rows.get(Number(id));
      known.rows[id] = said;
      if (!row || !row.taps) return;
      row.server = { status: said.status, label: said.label, tone: said.tone, by: said.by };
      decide(row, said.said);
    });
    if (news.seen > seen) seen = news.seen;
    known = Object.assign(known, { seen, at: Date.now(), conflicts: news.counts.conflicts });
    if (queue.keeps) { try { localStorage.setItem(KNOWN, JSON.stringify(known)); } catch (_error) { /* full: the server knows */ } }
    document.getElementById("shut").hidden = news.state === "open" || news.state === "planned";
    clash(news.counts.conflicts);
    if (!whole) tell(news.counts);
    if (rest.open) nameTheRest();
  }

  function clash(conflicts) {
    const line = document.getElementById("conflicts"), first = form.querySelector(".said");
    line.hidden = !conflicts;
    if (first) line.firstElementChild.href = "#" + first.closest("li").id;
    tell({ conflicts });
  }

  function remember() {
    if (!queue.keeps) return;
    try {
      Object.keys(localStorage).filter((key) => key.startsWith("roll:known:")).forEach((key) => {
        const kept = JSON.parse(localStorage.getItem(key));
        if (Date.now() - kept.at > DAYS) localStorage.removeItem(key);
        else if (key === KNOWN && kept.seen > seen) {
          known = kept;
          learn({ rows: kept.rows, seen: kept.seen, counts: { conflicts: kept.conflicts || 0 }, state: "open" });
        }
      });
    } catch (_error) { /* not of ours */ }
  }

  async function poll() {
    clearTimeout(timer);
    if (!document.hidden && navigator.onLine) {
      try {
        const { status: code, data, signedOut } = await queue.ask(words.changes + "?since=" + seen);
        if (code === 200 && data && data.rows && data.account === queue.account) { learn(data); overlay(); }
        failures = signedOut || code !== 200 ? failures + 1 : 0;
      } catch (_error) { failures += 1; }
    }
    timer = setTimeout(poll, POLL * Math.min(2 ** failures, 8));
  }

  function mark(marks) {
    queue.add(marks.map(([id, at, more]) => Object.assign({ lesson, enrolment: id, status: at, name: rows.get(id).name, word: at ? word[at] || rows.get(id).server.label : words.none, seen, since: seen }, more)));
    overlay();
  }

  function button(text, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.addEventListener("click", act);
    return made;
  }

  /* Back to what they were before; being unmarked asks a second time. */
  function offerUndo(text, before) {
    const said = document.createElement("span");
    // Of whom somebody else has said something since, nothing is taken back.
    const still = ([id, , , was]) => !was || (status(rows.get(id)) === was && (rows.get(id).now || !rows.get(id).server.by));
    const back = () => { mark(before.filter(still)); bar.hidden = true; };
    said.textContent = text;
    bar.replaceChildren(said, button(words.undo, () => {
      if (before.every((one) => one[1])) { back(); return; }
      said.textContent = text + " · " + words.sure;
      bar.replaceChildren(said, button(words.yes, back), button(words.no, () => offerUndo(text, before)));
    }));
    bar.hidden = false;
  }

  form.addEventListener("click", (event) => {
    const tapped = event.target.closest("button[name=mark]");
    if (!tapped) return;
    event.preventDefault();
    const [number, at, decides] = tapped.value.split(":"), id = Number(number), row = rows.get(id);
    if (!decides && status(row) === at) return;
    offerUndo(row.name + "：" + tapped.textContent, [[id, status(row), { word: row.li.querySelector(".pill").textContent }]]);
    mark([[id, at, decides ? { seen: null } : {}]]);
  });

  function remaining() {
    return Array.from(rows).filter(([, row]) => row.taps && status(row) === null);
  }

  function nameTheRest() {
    const left = remaining();
    ["absent", "excused"].forEach((part) => {
      const named = left.filter(([, row]) => row.leave === (part === "excused")), box = rest.querySelector("[data-part=" + part + "]");
      box.hidden = !named.length;
      box.querySelector("ul").replaceChildren(...named.map(([, row]) => {
        const line = document.createElement("li"), seat = document.createElement("b");
        seat.textContent = row.li.querySelector("b").textContent;
        line.append(seat, " " + row.li.querySelector("span").textContent.trim());
        return line;
      }));
    });
    rest.querySelector("button b").textContent = left.length;
    if (!left.length && rest.open) rest.close();
    return left;
  }

  document.getElementById("end").addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link) return;
    if ("close" in link.dataset) {
      if (!queue.pending(lesson).length) return;
      event.preventDefault(); // what is not sent would come after the closing
      queue.send();
      document.getElementById("queue").scrollIntoView({ block: "center" });
    } else if (rest.showModal && whole) {
      event.preventDefault();
      if (nameTheRest().length) rest.showModal();
    }
  });
  rest.addEventListener("click", (event) => {
    const pressed = event.target.closest("button");
    if (!pressed) return;
    const left = pressed.value === "yes" ? remaining() : [];
    rest.close();
    if (!left.length) return;
    const put = left.map(([id, row]) => [id, row.leave ? "excused" : "absent", { rest: true }]);
    offerUndo(words.rest + " " + left.length, put.map(([id, at]) => [id, null, {}, at]));
    mark(put);
  });

  const nobody = document.getElementById("nobody");
  function filter() {
    const typed = search.value.trim().toLowerCase(), isSeat = /^\d+$/.test(typed);
    rows.forEach((row) => {
      const seat = row.li.querySelector("b").textContent;
      const fits = !typed || (isSeat ? seat === typed.replace(/^0+/, "") : row.li.dataset.k.startsWith(typed) || row.li.querySelector("span").textContent.toLowerCase().includes(typed));
      row.li.hidden = !fits || (unmarkedOnly && !typed && (!row.taps || status(row) !== null));
    });
    nobody.hidden = Array.from(rows.values()).some((row) => !row.li.hidden);
    nobody.querySelectorAll("p").forEach((said) => { said.hidden = (said.dataset.no === "found") !== Boolean(typed); });
  }

  search.addEventListener("input", filter);
  search.addEventListener("focus", () => search.select());
  search.form.addEventListener("submit", (event) => { if (whole) { event.preventDefault(); search.blur(); } });
  if (only) only.addEventListener("click", (event) => {
    event.preventDefault();
    unmarkedOnly = !unmarkedOnly;
    const other = only.dataset.all;
    only.dataset.all = only.textContent;
    only.textContent = other;
    search.value = "";
    filter();
  });

  queue.listen((about, news) => {
    if (news && about === lesson) learn(news);
    overlay();
  });
  window.addEventListener("online", poll);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) poll(); });
  if (!whole) bar.hidden = true;
  remember();
  overlay();
  // What she tapped and typed while this script was still on its way.
  (window.rollTaps || []).splice(0).forEach((tapped) => tapped.click());
  if (search.value !== search.defaultValue) filter();
  timer = setTimeout(poll, POLL);

  // The page opens again where there is no network; browsers without workers keep it as long as it is open.
  if (navigator.serviceWorker && whole) {
    navigator.serviceWorker.register(words.worker, { scope: "/lessons/" }).catch(() => {});
    navigator.serviceWorker.ready.then((registration) => {
      const files = Array.from(document.querySelectorAll("link[href], script[src]"), (part) => part.href || part.src);
      registration.active.postMessage({ page: location.pathname, files });
    });
  }
})();
