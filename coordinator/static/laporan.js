/* The report form: keeps the draft. The page works without this file.
   Every 30 seconds to the server; every 5 seconds into this tab's own memory (sessionStorage), but
   never on a page that a mail's link opened (no data-keep), and only text that cannot hold a NIK:
   a field with 12 digits or more, or one the server has refused, is left out. */
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

  function forget(name) { try { sessionStorage.removeItem(name); } catch (error) { /* private mode */ } }
  function fields() {
    return Array.prototype.filter.call(form.elements, function (field) {
      return field.name && !/^(csrf_token|form_key|version|act|files)$/.test(field.name);
    });
  }
  function text() {
    return JSON.stringify(fields().map(function (field) {
      return field.type === "radio" ? [field.name, field.value, field.checked] : [field.name, field.value];
    }));
  }
  function say(words) { if (status && status.textContent !== words) { status.textContent = words; } }

  function body(withFiles) {
    var data = new FormData(form);
    data.set("act", "simpan-otomatis");
    if (!withFiles) { data.delete("files"); }
    return data;
  }

  function save(withFiles) {
    if (busy || stopped) { return; }
    var before = text();
    if (before === sentText && !withFiles) { return; }
    busy = true;
    if (withFiles) { say("Mengunggah…"); }
    fetch(form.getAttribute("action"), { method: "POST", body: body(withFiles), credentials: "same-origin", redirect: "error" })
      .then(function (answer) {
        return answer.json().then(function (said) { return { status: answer.status, said: said }; });
      })
      .then(function (answer) {
        if (answer.status === 200) {
          refused = {};
          form.elements.version.value = answer.said.version;
          sentText = before;
          if (files && withFiles) { files.innerHTML = answer.said.files; picker.value = ""; }
          say(answer.said.file_errors.length ? answer.said.file_errors.join(" ") : "Draf tersimpan " + answer.said.saved_at + ".");
        } else if (answer.status === 409) {
          stopped = true;
          say(answer.said.message + " Tekan Simpan draf untuk membandingkan.");
        } else {
          refused = answer.said.refused || {};
          for (var name in refused) { say("Belum tersimpan: " + refused[name]); break; }
        }
      })
      .catch(function () { say("Belum tersimpan di server. Tulisan Anda masih ada di halaman ini."); })
      .then(function () { busy = false; });
  }

  setInterval(function () { save(false); }, 30000);
  if (picker && files) {
    // Where foto.js makes photos smaller, it says when they are ready.
    var shrinks = picker.matches("[data-shrink]") && window.createImageBitmap && window.DataTransfer;
    picker.addEventListener(shrinks ? "foto-siap" : "change", function () {
      if (picker.files.length) { save(true); }
    });
  }

  if (!key) { return; }
  function keepable(field) {
    return !refused[field.name] && (field.value.match(/\d/g) || []).length < 12;
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
    if (!kept || kept.version !== form.elements.version.value || document.querySelector(".error-summary")) { return; }
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
