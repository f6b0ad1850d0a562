/* Extras of the check of texts: quoting what is marked in the passage. The page works without. */
(function () {
  "use strict";
  var button = document.querySelector("button[data-quote]");
  var passage = document.querySelector("[data-passage]");
  var quote = document.getElementById("quote");
  if (!button || !passage || !quote) { return; }

  // What is marked in the passage; without a mark, all of it.
  function words() {
    var marked = window.getSelection();
    var inside = marked.rangeCount && passage.contains(marked.getRangeAt(0).commonAncestorContainer);
    return (inside && marked.toString().trim()) || passage.innerText.trim();
  }

  // The press itself must not take the mark away.
  button.addEventListener("mousedown", function (event) { event.preventDefault(); });
  button.addEventListener("click", function () {
    quote.value = words();
    quote.focus();
  });
  button.hidden = false;
})();
