/* Whoever comes to the sign-in finds no roll of somebody else kept in this browser; marks not sent yet stay. */
"use strict";
if (window.caches) caches.delete("roll-pages");
try { // a sheet that was never sent waits a fortnight for its evaluator
  Object.keys(localStorage).filter((key) => key.startsWith("sheet:") && Date.now() - JSON.parse(localStorage.getItem(key)).at > 14 * 86400000).forEach((key) => localStorage.removeItem(key));
} catch (_error) { /* nothing of ours */ }
