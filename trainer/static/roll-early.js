/* Taps that come before roll.js does wait for it: each sent as a form would cut off the one before. Where it does not
   come at all they go as the form's own, all in one. Loaded ahead of the rows, as the style sheets are. */
"use strict";
window.rollTaps = [];
(() => {
  const taps = window.rollTaps;

  function hold(event) {
    const tapped = event.target.closest("#roll button[name=mark], #end a");
    if (!tapped || event.defaultPrevented) return; // roll.js has seen to it
    event.preventDefault();
    taps.push(tapped);
    const row = tapped.closest("li");
    if (row) row.classList.add("unsent");
  }

  document.addEventListener("click", hold);
  document.addEventListener("DOMContentLoaded", () => { // roll.js has run, or never will
    document.removeEventListener("click", hold);
    const marks = taps.filter((tapped) => tapped.name);
    if (!marks.length) { if (taps.length) taps[0].click(); return; }
    const form = marks[0].form;
    marks.forEach(({ value }) => form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "mark", value })));
    form.submit();
  });
})();
