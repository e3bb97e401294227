// The map of a search: [data-map] holds the address of the tiles, each a.pin in
// it a place. The pins stay the links they are; those that would lie on each
// other are one button that comes closer.
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
      var layer = L.layerGroup().addTo(map);
      pins.forEach(function (pin) {
        pin.place = L.latLng(pin.dataset.at.split(',').map(Number));
        pin.hidden = false;
        pin.remove();
      });
      map.on('zoomend', function () {
        layer.clearLayers();
        groups(map, pins).forEach(function (group) {
          var only = group.length === 1;
          var icon = L.divIcon({ html: only ? group[0] : closer(map, group, box.dataset.group), className: 'pin-holder', iconSize: [44, 44] });
          L.marker(group[0].place, { keyboard: false, icon: icon }).addTo(layer);
        });
      });
      map.fitBounds(bounds(pins), { padding: [40, 40], maxZoom: 15, animate: false });
    });
  }
  function bounds(pins) { return L.latLngBounds(pins.map(function (pin) { return pin.place; })); }
  // Pins are 44 pixels wide and high; a little air lies between them.
  function groups(map, pins) {
    var found = [];
    pins.forEach(function (pin) {
      var at = map.latLngToLayerPoint(pin.place);
      var near = map.getZoom() < map.getMaxZoom() && found.find(function (g) {
        var other = map.latLngToLayerPoint(g[0].place);
        return Math.max(Math.abs(other.x - at.x), Math.abs(other.y - at.y)) < 50;
      });
      if (near) near.push(pin); else found.push([pin]);
    });
    return found;
  }
  function closer(map, group, words) {
    var button = document.createElement('button');
    button.type = 'button';
    button.className = 'pin group';
    button.textContent = group.reduce(function (sum, pin) { return sum + Number(pin.textContent); }, 0);
    button.title = words.replace('#', button.textContent);
    button.setAttribute('aria-label', button.title);
    button.addEventListener('click', function () { map.fitBounds(bounds(group), { padding: [60, 60] }); });
    return button;
  }
  draw(document);
  document.addEventListener('htmx:afterSettle', function () { draw(document); });
})();
