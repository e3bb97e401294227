// Theme switch: the form posts as usual; here the page changes at once.
(function () {
  'use strict';
  var root = document.documentElement;
  root.classList.add('js');
  document.addEventListener('submit', function (e) {
    var form = e.target, button = e.submitter;
    if (!form.matches('[data-theme-form]') || !button) return;
    e.preventDefault();
    if (button.value === 'auto') root.removeAttribute('data-color-scheme');
    else root.setAttribute('data-color-scheme', button.value);
    document.querySelectorAll('[data-theme-form] button').forEach(function (b) {
      b.setAttribute('aria-pressed', String(b.value === button.value));
    });
    var data = new URLSearchParams(new FormData(form));
    data.set('scheme', button.value);
    fetch(form.action, { method: 'POST', body: data, redirect: 'manual' }).catch(function () { form.submit(); });
  });
})();
