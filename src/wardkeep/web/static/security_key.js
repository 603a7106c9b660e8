// Security keys: hands the page's options to the browser and its answer back to the form.
// Only the pages of the second factor load it; the code of an app works without.
(function () {
  "use strict";
  function bytes(text) {
    var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (c) { return c.charCodeAt(0); });
  }
  function text(buffer) {
    var plain = String.fromCharCode.apply(null, new Uint8Array(buffer));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }
  function opened(options) {
    options.challenge = bytes(options.challenge);
    if (options.user) { options.user.id = bytes(options.user.id); }
    (options.allowCredentials || options.excludeCredentials || []).forEach(function (known) {
      known.id = bytes(known.id);
    });
    return options;
  }
  function told(made) {
    var out = { id: made.id, rawId: text(made.rawId), type: made.type, response: {} };
    ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]
      .forEach(function (name) {
        if (made.response[name]) { out.response[name] = text(made.response[name]); }
      });
    return JSON.stringify(out);
  }
  Array.prototype.forEach.call(document.querySelectorAll("form[data-key]"), function (form) {
    var said = form.querySelector(".key-said");
    form.addEventListener("submit", function (event) {
      if (form.elements.answer.value) { return; }
      event.preventDefault();
      said.textContent = said.getAttribute("data-touch");
      var options = { publicKey: opened(JSON.parse(form.getAttribute("data-options"))) };
      navigator.credentials[form.getAttribute("data-key")](options).then(function (made) {
        form.elements.answer.value = told(made);
        form.submit();
      }).catch(function () { said.textContent = said.getAttribute("data-failed"); });
    });
  });
})();
