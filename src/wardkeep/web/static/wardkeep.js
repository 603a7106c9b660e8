// Progressive: the page works without this file. It keeps the page current, says when it cannot,
// and walks lists by keys.
(function () {
  "use strict";
  var body = document.body, main = document.getElementById("main");
  var words = JSON.parse(body.getAttribute("data-words") || "{}");
  var waiting = null, lostAt = null;

  function clock() { return new Date().toTimeString().slice(0, 5); }
  function say(lost) {
    var band = document.getElementById("lost");
    if (lost && !lostAt) { lostAt = body.getAttribute("data-made") || clock(); }
    if (!lost) { lostAt = null; }
    band.hidden = !lost;
    if (lost) { band.textContent = words.lost + " " + lostAt; }
  }
  function busy() {
    var at = document.activeElement;
    return at && main.contains(at) && /^(INPUT|TEXTAREA|SELECT|BUTTON)$/.test(at.tagName);
  }
  function renew() {
    waiting = null;
    if (busy()) { return; }
    fetch(location.href, { headers: { "Wardkeep-Refresh": "1" }, credentials: "same-origin" })
      .then(function (answer) {
        if (answer.redirected || answer.status === 401) { location.reload(); return null; }
        if (!answer.ok) { throw new Error(answer.status); }
        return answer.text();
      })
      .then(function (text) {
        if (text === null) { return; }
        var fresh = new DOMParser().parseFromString(text, "text/html");
        var focused = document.activeElement && document.activeElement.id;
        main.replaceChildren.apply(main, fresh.getElementById("main").childNodes);
        body.setAttribute("data-made", fresh.body.getAttribute("data-made"));
        if (focused && document.getElementById(focused)) { document.getElementById(focused).focus(); }
        say(false);
      })
      .catch(function () { say(true); });
  }
  var live = body.getAttribute("data-live");
  if (live && window.EventSource && main.replaceChildren) {
    var stream = new EventSource(live);
    var soon = function () { if (!waiting) { waiting = setTimeout(renew, 150); } };
    stream.addEventListener("changed", soon);
    stream.addEventListener("tick", soon);
    stream.addEventListener("hello", function () { if (lostAt) { soon(); } });
    stream.onerror = function () { say(true); };
  }
  document.addEventListener("keydown", function (key) {
    if (key.ctrlKey || key.altKey || key.metaKey) { return; }
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(key.target.tagName)) { return; }
    var find = document.getElementById("q");
    if (key.key === "/" && find) { key.preventDefault(); find.focus(); find.select(); }
    if (key.key === "p" && document.getElementById("print")) { document.getElementById("print").click(); }
    if (key.key !== "ArrowDown" && key.key !== "ArrowUp") { return; }
    var rows = Array.prototype.slice.call(main.querySelectorAll("a.row"));
    if (!rows.length) { return; }
    var at = rows.indexOf(document.activeElement);
    var next = key.key === "ArrowDown" ? at + 1 : Math.max(at, 1) - 1;
    if (rows[next]) { key.preventDefault(); rows[next].focus(); }
  });
})();
