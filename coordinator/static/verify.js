/* Extras of the verification page: keys, and files shown in place. The page works without. */
(function () {
  "use strict";
  var OFF = "pintasan-mati";
  var keys = document.querySelector("[data-keys]");
  var form = document.querySelector("form.decision");

  function isOff() {
    try { return localStorage.getItem(OFF) === "1"; } catch (error) { return false; }
  }

  // Single letters must be possible to switch off: speech input sends them too (WCAG 2.1.4).
  if (keys) {
    var button = keys.querySelector("button");
    var show = function () {
      keys.classList.toggle("off", isOff());
      button.textContent = isOff() ? button.dataset.on : button.dataset.off;
    };
    button.addEventListener("click", function () {
      try { localStorage.setItem(OFF, isOff() ? "0" : "1"); } catch (error) { return; }
      show();
    });
    show();
    keys.hidden = false;
  }

  // Never while something is being typed or chosen from a list.
  function isTyping(target) {
    if (target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName)) { return true; }
    return target.tagName === "INPUT" && !/^(radio|checkbox|submit|button)$/.test(target.type);
  }

  function choose(value) {
    var option = form && form.querySelector('input[name="verdict"][value="' + value + '"]');
    if (!option) { return null; }
    option.checked = true;
    option.dispatchEvent(new Event("change", { bubbles: true }));
    return option;
  }

  function follow(rel) {
    var link = document.querySelector('.steps a[rel="' + rel + '"]');
    if (link) { link.click(); }
  }

  // S goes to the first tick that is still missing: a person must look, a key cannot.
  function approve() {
    var option = choose("verify");
    if (!option) { return; }
    var missing = document.querySelector('input[data-tick]:not(:checked)');
    (missing || form.querySelector("button.btn-primary")).focus();
  }

  function sendBack() {
    if (choose("return")) { form.querySelector("#return_reason").focus(); }
  }

  var acts = {
    s: approve,
    k: sendBack,
    j: function () { follow("next"); },
    l: function () { follow("prev"); }
  };
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) { return; }
    var act = acts[event.key.toLowerCase()];
    if (!act || isOff() || isTyping(event.target)) { return; }
    event.preventDefault();
    act();
  });

  // Enter on a tick goes on to the next missing one, and from the last to the button.
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Enter" || !event.target.matches("input[data-tick]")) { return; }
    event.preventDefault();
    event.target.checked = true;
    var missing = document.querySelector('input[data-tick]:not(:checked)');
    (missing || form.querySelector("button.btn-primary")).focus();
  });

  // The first words of a document, in the place of its link.
  document.querySelectorAll("[data-read]").forEach(function (place) {
    fetch(place.dataset.read, { credentials: "same-origin" }).then(function (answer) {
      if (!answer.ok) { throw new Error("refused"); }
      return answer.text();
    }).then(function (text) {
      var part = new DOMParser().parseFromString(text, "text/html").querySelector(".file-preview");
      if (part) { place.replaceChildren(document.importNode(part, true)); }
    }).catch(function () { /* the link stays */ });
  });
})();
