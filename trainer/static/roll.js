/* The roll with a script: each tap is sent at once, what could not be saved stays marked and is sent again,
   and the list is filtered while one types. Without it the same page works as a form. */
(function () {
  "use strict";
  var form = document.getElementById("roll");
  var rows = Array.from(form.querySelectorAll("li"));
  var search = document.getElementById("q");
  var notice = document.querySelector(".unsent");
  var words = form.dataset;
  var waiting = new Map(); // row → the last tap that is not saved yet
  var sending = new Set();

  function nonce() {
    var bytes = crypto.getRandomValues(new Uint8Array(12));
    return Array.from(bytes, function (b) { return b.toString(16).padStart(2, "0"); }).join("");
  }

  function press(row, status) {
    row.querySelectorAll("button[name=mark]").forEach(function (button) {
      if (button.value.split(":")[1] === status) button.setAttribute("aria-pressed", "true");
      else button.removeAttribute("aria-pressed");
    });
  }

  function pill(row, text, tone) {
    var element = row.querySelector(".pill");
    element.className = "pill pill-" + tone;
    element.textContent = text;
  }

  function explain(row, sentence) {
    var old = row.querySelector(".why");
    if (old) old.remove();
    row.classList.toggle("unsaved", Boolean(sentence));
    if (!sentence) return;
    var line = document.createElement("div");
    var again = document.createElement("button");
    line.className = "why";
    line.textContent = words.unsaved + ": " + sentence;
    again.type = "button";
    again.textContent = words.retry;
    again.addEventListener("click", function () { send(row); });
    line.appendChild(again);
    row.appendChild(line);
  }

  function tellPending() {
    var stuck = rows.filter(function (row) { return row.classList.contains("unsaved"); });
    notice.hidden = stuck.length === 0;
    notice.textContent = words.pending + " " + stuck.map(function (row) {
      return row.getAttribute("aria-label");
    }).join("、");
  }

  function show(answer) {
    Object.keys(answer.marks).forEach(function (id) {
      var row = document.getElementById("e" + id);
      if (!row || waiting.has(row)) return;
      var mark = answer.marks[id];
      press(row, mark.status);
      pill(row, mark.label, mark.tone);
    });
    Object.keys(answer.counts).forEach(function (name) {
      document.querySelector("[data-count=" + name + "]").textContent = answer.counts[name];
    });
  }

  function post(mark) {
    var body = new FormData();
    body.append("csrf_token", form.elements.csrf_token.value);
    body.append("mark", mark);
    return fetch(form.action, { method: "POST", body: body, headers: { Accept: "application/json" }, credentials: "same-origin" })
      .then(function (response) {
        if ((response.headers.get("Content-Type") || "").indexOf("application/json") !== 0) {
          throw new Error(response.redirected ? words.signedOut : words.offline);
        }
        return response.json().then(function (answer) {
          if (!response.ok) throw new Error(answer.error);
          return answer;
        });
      }, function () { throw new Error(words.offline); });
  }

  /* One request a row at a time: the last tap wins on the server as it does on the screen. */
  function send(row) {
    if (sending.has(row) || !waiting.has(row)) return;
    var mark = waiting.get(row);
    sending.add(row);
    explain(row, "");
    row.classList.add("saving");
    tellPending();
    post(mark).then(function (answer) {
      if (waiting.get(row) === mark) waiting.delete(row);
      show(answer);
    }, function (error) {
      if (waiting.get(row) === mark) {
        pill(row, words.unsaved, "bad");
        explain(row, error.message);
      }
    }).then(function () {
      sending.delete(row);
      row.classList.remove("saving");
      if (waiting.has(row) && waiting.get(row) !== mark) send(row);
      tellPending();
    });
  }

  form.addEventListener("click", function (event) {
    var button = event.target.closest("button[name=mark]");
    if (!button) return;
    event.preventDefault();
    var row = button.closest("li");
    var parts = button.value.split(":");
    waiting.set(row, parts[0] + ":" + parts[1] + ":" + nonce());
    press(row, parts[1]);
    pill(row, words.saving, "plain");
    send(row);
  });

  function filter() {
    var typed = search.value.trim().toLowerCase();
    rows.forEach(function (row) {
      var seat = row.querySelector("b").textContent;
      var isSeat = /^\d+$/.test(typed);
      row.hidden = typed !== "" && !(isSeat
        ? seat === typed.replace(/^0+/, "")
        : row.dataset.k.startsWith(typed) || row.querySelector("span").textContent.toLowerCase().includes(typed));
    });
  }

  search.addEventListener("input", filter);
  search.form.addEventListener("submit", function (event) {
    // What is typed has filtered the list already, unless the server had cut it.
    if (!/[?&]q=/.test(location.search)) event.preventDefault();
  });
  window.addEventListener("online", function () { Array.from(waiting.keys()).forEach(send); });
  window.addEventListener("beforeunload", function (event) {
    if (waiting.size) event.preventDefault();
  });
})();
