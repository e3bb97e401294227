// Single keys for whoever leaves them on: data-key="/" focuses a field, follows a
// link or presses a button. Silent while typing.
(function () {
  'use strict';
  document.addEventListener('keydown', function (e) {
    if (e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented) return;
    var t = e.target;
    if (t.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(t.nodeName) || document.querySelector('dialog[open]')) return;
    if (document.body.dataset.keys === 'off' || e.key.startsWith('Arrow') && t.closest('.timeline-region, details, dialog')) return;
    var hit = Array.from(document.querySelectorAll('[data-key]')).find(function (el) { return el.dataset.key === e.key && el.offsetParent; });
    if (!hit) return;
    e.preventDefault();
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(hit.nodeName)) { hit.focus(); if (hit.select) hit.select(); } else hit.click();
  });
})();
