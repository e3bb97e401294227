// An error summary takes the focus, also when htmx brought it.
(function () {
  'use strict';
  function take(root) {
    var box = root.querySelector('[data-focus]');
    if (box) box.focus();
  }
  document.addEventListener('DOMContentLoaded', function () { if (!document.querySelector('[autofocus]')) take(document); });
  document.addEventListener('htmx:afterSettle', function (e) { take(e.target); });
})();
