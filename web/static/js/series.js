// Rows of a series by single keys: j and k go through them, n to the next date
// that needs a choice. Silent while typing, like the other keys.
(function () {
  'use strict';
  var at = -1;
  document.addEventListener('keydown', function (e) {
    if (e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented || document.body.dataset.keys === 'off') return;
    if (/^(INPUT|TEXTAREA)$/.test(e.target.nodeName) && !/^(checkbox|radio)$/.test(e.target.type)) return;
    if (e.target.nodeName === 'SELECT' && e.key !== 'n') return;
    var step = { j: 1, k: -1, n: 1 }[e.key];
    if (!step) return;
    var rows = Array.from(document.querySelectorAll(e.key === 'n' ? '[data-bad]' : '[data-row]')).filter(function (row) { return row.offsetParent; });
    if (!rows.length) return;
    e.preventDefault();
    var here = rows.findIndex(function (row) { return row.contains(document.activeElement); });
    at = (here < 0 ? (step > 0 ? 0 : rows.length - 1) : here + step + rows.length) % rows.length;
    var target = rows[at].querySelector('select, button, a') || rows[at];
    if (target === rows[at]) target.tabIndex = -1;
    target.focus();
  });
})();
