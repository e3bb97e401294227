// [data-near] asks the device where it is, to about a hundred metres, and searches
// near there.
(function () {
  'use strict';
  function show() {
    document.querySelectorAll('[data-near]').forEach(function (b) { b.hidden = !navigator.geolocation; });
  }
  document.addEventListener('click', function (e) {
    var button = e.target.closest('[data-near]');
    if (!button) return;
    navigator.geolocation.getCurrentPosition(function (p) {
      var field = document.getElementById('near');
      field.value = p.coords.latitude.toFixed(3) + ',' + p.coords.longitude.toFixed(3);
      field.form.requestSubmit();
    }, function () {
      document.getElementById('say').textContent = button.dataset.failed;
      button.lastChild.textContent = button.dataset.failed;
    }, { maximumAge: 300000, timeout: 10000 });
  });
  document.addEventListener('htmx:afterSettle', show);
  show();
})();
