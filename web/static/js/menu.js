// Menus are <details>: Escape and a press elsewhere close them.
(function () {
  'use strict';
  function open() { return document.querySelectorAll('details[data-menu][open]'); }
  document.addEventListener('click', function (e) {
    open().forEach(function (d) { if (!d.contains(e.target)) d.open = false; });
  });
  document.addEventListener('keydown', function (e) {
    if (e.key !== 'Escape') return;
    open().forEach(function (d) { d.open = false; d.querySelector('summary').focus(); });
  });
  document.addEventListener('focusin', function (e) {
    open().forEach(function (d) { if (!d.contains(e.target)) d.open = false; });
  });
})();
