// A button with data-copy puts that field's text on the clipboard and says so.
(function () {
  'use strict';
  document.addEventListener('click', function (e) {
    var button = e.target.closest('[data-copy]');
    if (!button) return;
    var field = document.getElementById(button.dataset.copy), text = field.value || field.textContent;
    var done = function () {
      var s = document.getElementById('say'), label = button.lastChild;
      if (s) s.textContent = button.dataset.copied;
      if (!button.dataset.label) button.dataset.label = label.textContent;
      label.textContent = button.dataset.copied;
      setTimeout(function () { label.textContent = button.dataset.label; }, 2500);
    };
    if (navigator.clipboard) navigator.clipboard.writeText(text).then(done, function () { field.select && field.select(); });
    else if (field.select) { field.select(); }
  });
})();
