/* Whoever comes to the sign-in finds no roll of somebody else kept in this browser; marks not sent yet stay. */
"use strict";
if (window.caches) caches.delete("roll-pages");
