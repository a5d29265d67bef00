/* The projector's page asks the server for the code of the moment: its own clock plays no part. */
(function () {
  "use strict";
  var EVERY = 5000;
  var screen = document.getElementById("screen");
  var stale = document.getElementById("stale");
  var failed = 0;

  function put(id, text) {
    var element = document.getElementById(id);
    if (element && element.textContent !== String(text)) element.textContent = text;
  }

  function later(next) {
    setTimeout(ask, Math.max(250, Math.min(EVERY, next)));
  }

  function show(answer) {
    if (answer.state !== screen.dataset.state) {
      location.reload();
      return;
    }
    put("here", answer.here);
    put("expected", answer.expected);
    if (answer.picture) {
      document.getElementById("picture").innerHTML = answer.picture;
      put("digits", answer.digits);
      screen.dataset.slot = answer.slot;
    }
    later(answer.next_in);
  }

  function fail() {
    failed += 1;
    if (stale && failed > 1) stale.hidden = false;
    later(EVERY);
  }

  function ask() {
    var request = new XMLHttpRequest();
    request.open("GET", screen.dataset.url + "?have=" + screen.dataset.slot);
    request.setRequestHeader("Accept", "application/json");
    request.timeout = 10000;
    request.onload = function () {
      var answer;
      try {
        answer = request.status === 200 ? JSON.parse(request.responseText) : null;
      } catch (error) {
        answer = null; /* the sign-in page: the session has ended */
      }
      if (!answer) {
        fail();
        return;
      }
      failed = 0;
      if (stale) stale.hidden = true;
      show(answer);
    };
    request.onerror = request.ontimeout = fail;
    request.send();
  }

  later(Number(screen.dataset.next));
})();
