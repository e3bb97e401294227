// How long the hold lasts, counted from what the server said, since the clock of
// the device may be wrong. Spoken when two minutes are left and when it is over.
(function () {
  'use strict';
  function say(text) { var s = document.getElementById('say'); if (s && text) s.textContent = text; }
  function two(n) { return (n < 10 ? '0' : '') + n; }
  function tick() {
    document.querySelectorAll('[data-countdown]').forEach(function (box) {
      if (!box.dataset.end) box.dataset.end = performance.now() / 1000 + Number(box.dataset.countdown);
      var left = Math.round(box.dataset.end - performance.now() / 1000), out = box.querySelector('[data-left]');
      if (left <= 0) {
        if (!box.dataset.done) { box.dataset.done = '1'; out.textContent = box.dataset.expired; say(box.dataset.expired); }
        return;
      }
      if (left <= 120 && !box.dataset.warned) { box.dataset.warned = '1'; say(box.dataset.warning); }
      out.textContent = Math.floor(left / 60) + ' min ' + two(left % 60) + ' s';
    });
  }
  document.addEventListener('DOMContentLoaded', function () { if (document.querySelector('[data-countdown]')) { tick(); setInterval(tick, 1000); } });
})();
