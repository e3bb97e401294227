// A form that writes is sent once: a second press within five seconds does nothing.
(function () {
  'use strict';
  document.addEventListener('submit', function (e) {
    var form = e.target, button = e.submitter;
    if (e.defaultPrevented || form.hasAttribute('data-theme-form')) return;
    if (((button && button.formMethod) || form.method) !== 'post') return;
    if (form.dataset.sent) { e.preventDefault(); return; }
    form.dataset.sent = '1';
    if (button) {
      button.style.minWidth = button.offsetWidth + 'px';
      button.setAttribute('aria-busy', 'true');
      if (button.dataset.saving) { button.dataset.label = button.textContent; button.textContent = button.dataset.saving; }
    }
    setTimeout(reset, 5000, form, button);
  });
  function reset(form, button) {
    delete form.dataset.sent;
    if (!button) return;
    button.removeAttribute('aria-busy');
    if (button.dataset.label) button.textContent = button.dataset.label;
  }
  window.addEventListener('pageshow', function (e) {
    if (e.persisted) document.querySelectorAll('form[data-sent]').forEach(function (f) { reset(f, f.querySelector('[aria-busy]')); });
  });
})();
