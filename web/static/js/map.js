// The map of a search: [data-map] holds the address of the tiles, each a.pin in
// it a place. The pins stay the links they are.
(function () {
  'use strict';
  function draw(root) {
    root.querySelectorAll('[data-map]:not([data-drawn])').forEach(function (box) {
      var pins = Array.from(box.querySelectorAll('a.pin'));
      box.dataset.drawn = '1';
      if (!pins.length) { box.hidden = true; return; }
      var map = L.map(box, { scrollWheelZoom: false });
      map.attributionControl.setPrefix(false).addAttribution(box.dataset.from);
      L.tileLayer(box.dataset.map, { maxZoom: 19 }).addTo(map);
      var points = pins.map(function (pin) {
        var at = pin.dataset.at.split(',').map(Number);
        pin.hidden = false;
        L.marker(at, { keyboard: false, icon: L.divIcon({ html: pin, className: 'pin-holder', iconSize: [44, 44] }) }).addTo(map);
        return at;
      });
      map.fitBounds(points, { padding: [40, 40], maxZoom: 15 });
    });
  }
  draw(document);
  document.addEventListener('htmx:afterSettle', function () { draw(document); });
})();
