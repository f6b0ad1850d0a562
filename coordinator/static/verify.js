/* Extras of the pages of verdicts: keys, and files shown in place. The pages work without. */
(function () {
  "use strict";
  var OFF = "pintasan-mati";
  var keys = document.querySelector("[data-keys]");
  var approve = document.querySelector('#putusan button[value="verify"], button[data-approve]');
  var sendBack = document.querySelector("details[data-return]");

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

  function follow(rel) {
    var link = document.querySelector('.steps a[rel="' + rel + '"]');
    if (link) { link.click(); }
  }

  // A key goes to what it names and never presses it. S: to the first tick that is still missing,
  // since a person must look and a key cannot; then to the button.
  function goOn() {
    if (!approve) { return; }
    var next = document.querySelector("input[data-tick]:not(:checked)") || approve;
    next.removeAttribute("autofocus");  // it keeps the page from scrolling
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }

  function goBack() {
    if (!sendBack) { return; }
    sendBack.open = true;
    sendBack.querySelector("select, input:not([type=hidden])").focus();
  }

  function goUndo() {
    var button = document.querySelector("button[data-undo]");
    if (button) { button.focus(); }
  }

  var acts = {
    s: goOn,
    b: goBack,
    u: goUndo,
    j: function () { follow("next"); },
    k: function () { follow("prev"); }
  };
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) { return; }
    var act = acts[event.key.toLowerCase()];
    if (!act || isOff() || isTyping(event.target)) { return; }
    event.preventDefault();
    act();
  });

  // Enter on a tick goes on to the next missing one, and from the last to the button. What is out
  // of sight is shown first: nobody ticks what they have not seen.
  document.addEventListener("keydown", function (event) {
    if (!/^(Enter| )$/.test(event.key) || !event.target.matches("input[data-tick]")) { return; }
    var place = event.target.getBoundingClientRect();
    if (place.bottom < 0 || place.top > window.innerHeight) {
      event.preventDefault();
      event.target.removeAttribute("autofocus");
      event.target.scrollIntoView({ block: "center" });
    } else if (event.key === "Enter") {
      event.preventDefault();
      event.target.checked = true;
      goOn();
    }
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
