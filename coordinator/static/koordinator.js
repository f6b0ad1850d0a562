/* Small extras. Every page works without this file. */
(function () {
  "use strict";

  // The error summary takes the focus, also in browsers that do not honour its autofocus attribute.
  window.addEventListener("load", function () {
    setTimeout(function () {
      var summary = document.querySelector(".error-summary");
      if (summary && document.activeElement === document.body) { summary.focus(); }
    }, 200);
  });

  // A press outside an open menu closes it.
  document.addEventListener("click", function (event) {
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (!menu.contains(event.target)) { menu.open = false; }
    });
  });

  // Escape closes an open menu and gives the focus back to its button.
  document.addEventListener("keydown", function (event) {
    var menu = document.querySelector("details.menu[open]");
    if (event.key === "Escape" && menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // Paper has no folds: open what is closed, and close it again afterwards.
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("main details:not([open])").forEach(function (part) {
      part.open = true;
      part.dataset.opened = "";
    });
  });
  window.addEventListener("afterprint", function () {
    document.querySelectorAll("details[data-opened]").forEach(function (part) {
      part.open = false;
      delete part.dataset.opened;
    });
  });

  // A password can be read while it is typed; without this script there is no box for it.
  document.querySelectorAll(".reveal").forEach(function (line) {
    var box = line.querySelector("input");
    var field = document.getElementById(box.getAttribute("aria-controls"));
    line.hidden = false;
    box.addEventListener("change", function () { field.type = box.checked ? "text" : "password"; });
  });

  // A mail is as tall as its text; without this script its frame scrolls.
  function fitFrames() {
    document.querySelectorAll("iframe.mail-frame").forEach(function (frame) {
      frame.style.height = "0";
      frame.style.height = frame.contentDocument.documentElement.scrollHeight + 2 + "px";
    });
  }
  window.addEventListener("load", fitFrames);
  window.addEventListener("resize", fitFrames);

  // A day that was typed is said in words: 12/11/2026 is no 11 December.
  document.addEventListener("change", function (event) {
    if (!event.target.matches("input[data-day]")) { return; }
    var parts = /^\s*(\d{1,2})[\/.-](\d{1,2})[\/.-](\d{4})\s*$/.exec(event.target.value);
    var day = parts && new Date(+parts[3], +parts[2] - 1, +parts[1]);
    var isDay = day && day.getDate() === +parts[1] && day.getMonth() === +parts[2] - 1;
    event.target.parentNode.querySelector("[role=status]").textContent = isDay
      ? day.toLocaleDateString("id-ID", { weekday: "long", day: "numeric", month: "long", year: "numeric" }) : "";
  });

  // How many rows are ticked, next to the button that goes on with them.
  function countTicks(form) {
    var ticked = form.querySelectorAll("input[name=" + form.dataset.countTicks + "]:checked").length;
    var line = form.querySelector("[data-ticked]");
    var text = ticked ? line.dataset.ticked.replace("{n}", ticked) : line.dataset.none;
    if (line.textContent !== text) { line.textContent = text; }
  }
  document.addEventListener("change", function (event) {
    var form = event.target.closest("form[data-count-ticks]");
    if (form) { countTicks(form); }
  });
  // Also when the page comes back from memory, with its ticks.
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-count-ticks]").forEach(countTicks);
  });

  // Signing out leaves nothing of a draft in this browser.
  document.addEventListener("submit", function (event) {
    if (event.target.getAttribute("action") !== "/keluar") { return; }
    try {
      Object.keys(sessionStorage).forEach(function (name) {
        if (name.indexOf("draf:") === 0) { sessionStorage.removeItem(name); }
      });
    } catch (error) { /* private mode: nothing was kept */ }
  });

  // One submission per form: a second press does nothing while the first is on its way.
  // Forms that fetch a file or are read by htmx are left alone (data-repeatable, hx-*).
  var RELEASE_AFTER = 15000;
  function release(form) {
    delete form.dataset.sent;
    form.querySelectorAll("[data-held]").forEach(function (button) {
      button.disabled = false;
      button.removeAttribute("data-held");
    });
  }
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (event.defaultPrevented || form.method !== "post") { return; }
    if (form.matches("[data-repeatable],[hx-post],[hx-put],[hx-delete]")) { return; }
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    // After this turn, so that the pressed button's own name and value are still sent.
    setTimeout(function () {
      form.querySelectorAll("button:not([type=button]):enabled").forEach(function (button) {
        button.disabled = true;
        button.setAttribute("data-held", "");
      });
    }, 0);
    setTimeout(function () { release(form); }, RELEASE_AFTER);
  });
  // Back or forward may show the page from memory with its buttons still held.
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(release);
  });
})();
