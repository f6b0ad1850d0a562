/* The report form: keeps the draft. The page works without this file.
   Every 30 seconds to the server; every 5 seconds into this tab's own memory (sessionStorage), but
   never on a page that a mail's link opened (no data-keep), and only text that cannot hold a NIK:
   a field with 12 digits or more (in any script, or letters that look like digits next to some), or
   one the server has refused, is left out. One save at a time: what is asked meanwhile waits. */
(function () {
  "use strict";
  var PREFIX = "draf:";
  var done = document.querySelector("[data-sent]");
  if (done) { forget(PREFIX + done.getAttribute("data-sent")); }
  var form = document.querySelector("form[data-report]");
  if (!form || !window.fetch || !window.FormData) { return; }

  var key = form.dataset.keep ? PREFIX + form.dataset.keep : null;
  var status = form.querySelector("[data-saved]");
  var files = form.querySelector("[data-files]");
  var picker = form.querySelector("input[type=file]");
  var refused = {};
  var sentText = text();
  var busy = false;
  var stopped = false;
  var chosenMeanwhile = false;
  var pressed = null; // the button of a submission that waits for a save
  var LONGEST_SAVE = 90000;

  function forget(name) { try { sessionStorage.removeItem(name); } catch (error) { /* private mode */ } }
  function fields() {
    return Array.prototype.filter.call(form.elements, function (field) {
      return field.name && field.type !== "submit" &&
        !/^(csrf_token|form_key|version|files|reuse-.*|word-.*)$/.test(field.name);
    });
  }
  function text() {
    return JSON.stringify(fields().map(function (field) {
      return field.type === "radio" ? [field.name, field.value, field.checked] : [field.name, field.value];
    }));
  }
  // What the server refuses is said at its field: the line at the bottom is off a phone's screen.
  function lineAt(field) {
    var id = (field.type === "radio" ? field.name : field.id) + "-error";
    var line = document.getElementById(id);
    if (line) { return line; }
    line = document.createElement("p");
    line.className = "error";
    line.id = id;
    line.setAttribute("role", "alert");
    var place = field.type === "radio" ? field.closest(".options") : field;
    place.parentNode.insertBefore(line, field.type === "file" ? place.nextSibling : place);
    return line;
  }
  function object(field, words) {
    var line = lineAt(field);
    line.setAttribute("data-auto", "");
    line.hidden = false;
    if (line.textContent !== words) { line.textContent = words; }
    field.setAttribute("aria-invalid", "true");
    var described = (field.getAttribute("aria-describedby") || "").split(" ");
    if (described.indexOf(line.id) < 0) {
      field.setAttribute("aria-describedby", described.concat(line.id).join(" ").trim());
    }
    var box = field.closest(".field");
    if (box) { box.classList.add("has-error"); }
    return line;
  }
  function clearObjections(inFiles) {
    form.querySelectorAll("[data-auto]").forEach(function (line) {
      var box = line.closest(".field");
      if (picker && box && box.contains(picker) && !inFiles) { return; }
      line.removeAttribute("data-auto");
      line.textContent = "";
      line.hidden = true;
      if (box) {
        box.classList.remove("has-error");
        box.querySelectorAll("[aria-invalid]").forEach(function (one) { one.removeAttribute("aria-invalid"); });
      }
    });
  }
  function objectAll(messages, withFiles) {
    clearObjections(withFiles);
    Object.keys(messages).forEach(function (name) {
      var field = form.elements[name];
      if (field && !field.tagName) { field = field[0]; }
      if (!field) { return; }
      var fold = field.closest("details");
      if (fold) { fold.open = true; }
      object(field, name === "files" ? messages[name] : "Belum tersimpan: " + messages[name]);
    });
  }
  function bringIntoView(line) {
    var at = line.getBoundingClientRect();
    if (at.top < 0 || at.bottom > window.innerHeight) { line.scrollIntoView({ block: "center" }); }
  }
  function objectToFiles(words) { if (picker) { bringIntoView(object(picker, words)); } }
  function say(words) { if (status && status.textContent !== words) { status.textContent = words; } }

  function body(withFiles) {
    var data = new FormData(form);
    if (!withFiles) { data.delete("files"); }
    return data;
  }

  function isChosen(taken) {
    return picker.files.length === taken.length &&
      taken.every(function (file, place) { return file === picker.files[place]; });
  }
  // A file that did not arrive goes back to those chosen since: the next save takes them all.
  function putBack(taken) {
    if (!taken.length || isChosen(taken) || !window.DataTransfer) { return; }
    var all = new DataTransfer();
    taken.concat(Array.from(picker.files)).forEach(function (file) { all.items.add(file); });
    picker.files = all.files;
  }
  function show(html) {
    var kept = {};
    files.querySelectorAll("input, textarea").forEach(function (field) {
      kept[field.name] = [field.value, field.checked];
    });
    files.innerHTML = html;
    files.querySelectorAll("input, textarea").forEach(function (field) {
      if (!kept[field.name]) { return; }
      field.value = kept[field.name][0];
      field.checked = kept[field.name][1];
    });
  }

  function save(withFiles) {
    if (stopped) { return; }
    if (busy) { chosenMeanwhile = chosenMeanwhile || withFiles; return; }
    var before = text();
    if (before === sentText && !withFiles) { return; }
    var taken = withFiles ? Array.from(picker.files) : [];
    var hangs = window.AbortController ? new AbortController() : null;
    var limit = setTimeout(function () { if (hangs) { hangs.abort(); } }, LONGEST_SAVE);
    busy = true;
    if (withFiles) { say("Mengunggah…"); }
    fetch(form.dataset.autosave, { method: "POST", body: body(withFiles), credentials: "same-origin", redirect: "error", signal: hangs ? hangs.signal : undefined })
      .then(function (answer) {
        return answer.json().then(function (said) { return { status: answer.status, said: said }; });
      })
      .then(function (answer) {
        if (answer.status === 200) {
          refused = {};
          form.elements.version.value = answer.said.version;
          sentText = before;
          clearObjections(withFiles);
          if (files && withFiles) {
            show(answer.said.files);
            if (isChosen(taken)) { picker.value = ""; }
          }
          if (answer.said.file_errors.length) { objectToFiles(answer.said.file_errors.join(" ")); }
          say("Draf tersimpan " + answer.said.saved_at + ".");
        } else if (answer.status === 409) {
          stopped = true;
          putBack(taken);
          say(answer.said.message + " Tekan Simpan draf untuk membandingkan.");
        } else {
          refused = answer.said.refused || {};
          if (!refused.files) { putBack(taken); }
          objectAll(refused, withFiles);
          if (refused.files) {
            objectToFiles(refused.files);
          } else if (taken.length) {
            objectToFiles("Berkas belum diunggah. Perbaiki dulu isian yang ditandai merah.");
          }
          for (var name in refused) { say("Belum tersimpan: " + refused[name]); break; }
        }
      })
      .catch(function () {
        putBack(taken);
        if (taken.length) { objectToFiles("Berkas belum terunggah. Periksa jaringan, lalu pilih lagi berkasnya."); }
        say("Belum tersimpan di server. Tulisan Anda masih ada di halaman ini.");
      })
      .then(function () {
        clearTimeout(limit);
        busy = false;
        if (pressed) { submitNow(); return; }
        if (chosenMeanwhile) {
          chosenMeanwhile = false;
          if (picker.files.length) { save(true); }
        }
      });
  }

  // A page that is sent while a save is on its way would carry the version of before it, and be
  // refused as if somebody else had written: it waits for the answer.
  form.addEventListener("submit", function (event) {
    if (!busy || !form.requestSubmit) { return; }
    event.preventDefault();
    pressed = event.submitter || form.querySelector("button");
    say("Menunggu unggahan selesai, lalu dilanjutkan…");
  });
  function submitNow() {
    var button = form.contains(pressed) ? pressed : Array.prototype.filter.call(form.elements, function (one) {
      return one.type === "submit" && one.formAction === pressed.formAction && one.value === pressed.value;
    })[0];
    pressed = null;
    form.requestSubmit(button);
  }

  setInterval(function () { save(false); }, 30000);
  if (picker && files) {
    // Where photos.js makes photos smaller, it says when they are ready.
    var shrinks = picker.matches("[data-shrink]") && window.createImageBitmap && window.DataTransfer;
    picker.addEventListener(shrinks ? "photos-ready" : "change", function () {
      if (picker.files.length) { save(true); }
    });
  }

  if (!key) { return; }
  // Digits of every script; next to some, letters too that stand for digits in a word made of such
  // alone ("8OO1").
  function digits(text) {
    var plain = text.normalize("NFKC");
    var real = (plain.match(/\p{N}/gu) || []).length;
    if (real < 6) { return real; }
    return plain.split(/\s+/).reduce(function (sum, word) {
      var isNumber = /^[\p{N}\p{P}\p{S}\p{Cf}oOоОQDIiLlSsBbZzGg]+$/u.test(word);
      return sum + (isNumber ? (word.match(/\p{L}/gu) || []).length : 0);
    }, real);
  }
  function keepable(field) {
    return !refused[field.name] && digits(field.value) < 12;
  }
  function keep() {
    var kept = { version: form.elements.version.value, fields: {} };
    fields().forEach(function (field) {
      if (field.type === "radio") { if (field.checked) { kept.fields[field.name] = field.value; } return; }
      if (field.value && keepable(field)) { kept.fields[field.name] = field.value; }
    });
    try { sessionStorage.setItem(key, JSON.stringify(kept)); } catch (error) { /* full or private mode */ }
  }
  function restore() {
    var kept;
    try { kept = JSON.parse(sessionStorage.getItem(key) || "null"); } catch (error) { kept = null; }
    if (!kept || kept.version !== form.elements.version.value || document.querySelector(".error-summary, [data-returned]")) { return; }
    var changed = false;
    fields().forEach(function (field) {
      var value = kept.fields[field.name];
      if (value === undefined) { return; }
      if (field.type === "radio") {
        if (field.value === value && !field.checked) { field.checked = true; changed = true; }
      } else if (field.value !== value) { field.value = value; changed = true; }
    });
    if (changed) { say("Tulisan yang belum tersimpan dikembalikan."); }
  }
  restore();
  setInterval(keep, 5000);
})();
