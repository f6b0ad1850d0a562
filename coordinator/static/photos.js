/* Makes large photos smaller before they are sent: a phone's 8 MB become less than 1.5 MB, and place
   and camera stay on the phone. If anything fails, the photo goes as it is; the server does the same. */
(function () {
  "use strict";
  var LARGEST = 1.5e6;
  var QUALITIES = [0.85, 0.7, 0.55];

  if (!window.createImageBitmap || !window.DataTransfer || !window.File) { return; }

  function isPhoto(file) {
    return /^image\/(jpeg|png|heic|heif)$/.test(file.type) || /\.(jpe?g|png|heic|heif)$/i.test(file.name);
  }

  function toBlob(canvas, quality) {
    return new Promise(function (done) { canvas.toBlob(done, "image/jpeg", quality); });
  }

  // The first quality that is small enough, or the last.
  function smallest(canvas, place) {
    return toBlob(canvas, QUALITIES[place]).then(function (blob) {
      var isLast = place === QUALITIES.length - 1;
      return !blob || blob.size <= LARGEST || isLast ? blob : smallest(canvas, place + 1);
    });
  }

  function shrink(file, side) {
    if (!isPhoto(file)) { return Promise.resolve(file); }
    return createImageBitmap(file, { imageOrientation: "from-image" }).then(function (image) {
      var scale = Math.min(1, side / Math.max(image.width, image.height));
      if (scale === 1 && file.size <= LARGEST) { image.close(); return file; }
      var canvas = document.createElement("canvas");
      canvas.width = Math.round(image.width * scale);
      canvas.height = Math.round(image.height * scale);
      var paper = canvas.getContext("2d");
      paper.fillStyle = "#fff";
      paper.fillRect(0, 0, canvas.width, canvas.height);
      paper.drawImage(image, 0, 0, canvas.width, canvas.height);
      image.close();
      return smallest(canvas, 0).then(function (blob) {
        if (!blob || blob.size >= file.size) { return file; }
        var name = file.name.replace(/\.[^.]*$/, "") + ".jpg";
        return new File([blob], name, { type: "image/jpeg", lastModified: file.lastModified });
      });
    }).catch(function () { return file; });
  }

  document.addEventListener("change", function (event) {
    var input = event.target;
    if (!input.matches || !input.matches("input[type=file][data-shrink]") || !input.files.length) { return; }
    var chosen = Array.from(input.files);
    var form = input.form;
    var waiting = form ? Array.from(form.querySelectorAll("button:enabled:not([type=button])")) : [];
    waiting.forEach(function (button) { button.disabled = true; });
    Promise.all(chosen.map(function (file) { return shrink(file, Number(input.dataset.shrink)); }))
      .then(function (files) {
        var all = new DataTransfer();
        files.forEach(function (file) { all.items.add(file); });
        input.files = all.files;
      })
      .catch(function () { /* the photos go as they are */ })
      .then(function () {
        waiting.forEach(function (button) { button.disabled = false; });
        input.dispatchEvent(new Event("photos-ready", { bubbles: true }));
      });
  });
})();
