// Staff move what stands on the schedule: with mouse or pen, and with m and the
// arrows. What it comes to is asked in a dialog whose form does it; touch and
// small screens have the form of the reservation's page.
(function () {
  'use strict';
  var DRAG = 6, EDGE = 8, QUARTER = 15, DAY = 1440;
  var held = null; // what is on the move

  function rows(box) { return Array.from(box.querySelectorAll('.row[data-room]')); }
  function raster(row) { return Math.max(QUARTER, +row.dataset.raster); }
  function snap(row, minutes) { return Math.round(minutes / raster(row)) * raster(row); }
  function columns(box) { return box.querySelectorAll('.scale .hour').length * 4; }
  function wide() { return matchMedia('(min-width: 641px)').matches; }

  // The minute of the row's day under a point of the window.
  function minuteAt(box, row, x) {
    var track = row.querySelector('.track').getBoundingClientRect();
    return box.dataset.from * 60 + (x - track.left) / track.width * columns(box) * QUARTER;
  }
  function clock(box, minutes) {
    var m = (minutes % DAY + DAY) % DAY, mark = box.dataset.clock, hour = String(Math.floor(m / 60));
    return (mark === ':' ? hour.padStart(2, '0') : hour) + mark + String(m % 60).padStart(2, '0');
  }
  function say(text) { document.getElementById('say').textContent = text; }

  function lift(link, part) {
    var item = link.closest('.item'), row = link.closest('.row'), box = link.closest('[data-moving]');
    var ghost = document.createElement('li');
    ghost.setAttribute('aria-hidden', 'true');
    ghost.append(item.querySelector('.item-in').cloneNode(true));
    ['href', 'tabindex', 'title', 'data-item', 'data-move'].forEach(function (name) { ghost.firstChild.removeAttribute(name); });
    item.classList.add('lifted');
    held = {
      link: link, item: item, box: box, ghost: ghost, part: part || 'all', home: row, row: row,
      kind: Array.from(item.classList).find(function (c) { return c.startsWith('k-'); }),
      start: +link.dataset.start, minutes: +link.dataset.minutes
    };
    show();
  }
  function drop() {
    if (!held) return;
    held.ghost.remove();
    held.item.classList.remove('lifted');
    held.row.classList.remove('target');
    document.body.classList.remove('moving', 'sizing');
    held = null;
  }
  function where() {
    return held.row.querySelector('h3').textContent.trim() + ', ' + clock(held.box, held.start) + '–' + clock(held.box, held.start + held.minutes);
  }
  function show() {
    var from = held.box.dataset.from * 4, all = columns(held.box);
    var begin = Math.max(0, Math.min(all - 1, Math.floor(held.start / QUARTER) - from));
    var end = Math.max(begin + 1, Math.min(all, Math.ceil((held.start + held.minutes) / QUARTER) - from));
    held.ghost.className = 'item ghost ' + held.kind + ' s' + begin + ' l' + (end - begin);
    var time = held.ghost.querySelector('.item-time'), till = document.createElement('span');
    till.className = 'item-end';
    till.textContent = '–' + clock(held.box, held.start + held.minutes);
    time.replaceChildren(clock(held.box, held.start), till);
    held.row.querySelector('.track').append(held.ghost);
  }
  // put changes row and time as far as there is such a place, and tells.
  function put(row, start, minutes) {
    if (minutes < QUARTER || start < 0 || start >= DAY) return;
    if (row === held.row && start === held.start && minutes === held.minutes) return;
    held.row.classList.remove('target');
    held.row = row; held.start = start; held.minutes = minutes;
    row.classList.add('target');
    show();
    say(where());
  }
  function changed() {
    return held.row !== held.home || held.start !== +held.link.dataset.start || held.minutes !== +held.link.dataset.minutes;
  }

  function focusIn(inside) {
    var first = inside.querySelector('input:not([type=hidden]), button, a');
    if (first) first.focus();
  }
  document.addEventListener('htmx:afterSettle', function (e) { if (e.target.id === 'move-ask') focusIn(e.target); });

  function ask() {
    if (!changed()) { drop(); return; }
    var dialog = document.getElementById('move-dialog'), inside = document.getElementById('move-ask'), link = held.link;
    var query = new URLSearchParams({
      room: held.row.dataset.room, date: held.row.dataset.date, minutes: held.minutes,
      start: String(Math.floor(held.start / 60)).padStart(2, '0') + ':' + String(held.start % 60).padStart(2, '0'),
      return: location.pathname + location.search
    });
    var address = link.dataset.move + '?' + query;
    held.asking = true;
    document.body.classList.remove('moving', 'sizing');
    fetch(address, { headers: { 'HX-Request': 'true' } }).then(function (answer) {
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      return answer.text();
    }).then(function (html) {
      inside.innerHTML = html;
      if (window.htmx) window.htmx.process(inside);
      dialog.addEventListener('close', function () { drop(); link.focus(); }, { once: true });
      dialog.showModal();
      focusIn(inside);
    }).catch(function () { location.href = address; }); // the question is a page as well
  }

  // Mouse and pen.
  var grip = null;
  function part(link, x) {
    var box = link.getBoundingClientRect();
    if (box.width < 3 * EDGE) return 'all';
    return x - box.left < EDGE ? 'begin' : box.right - x < EDGE ? 'end' : 'all';
  }
  function follow(e) {
    var under = document.elementFromPoint(e.clientX, e.clientY), row = under && under.closest('.row[data-room]');
    if (!row || held.part !== 'all' || !held.box.contains(row)) row = held.row;
    var to = minuteAt(held.box, row, e.clientX) - grip.offset, last = +held.link.dataset.start + +held.link.dataset.minutes;
    if (held.part === 'all') put(row, Math.max(0, Math.min(snap(row, to), DAY - raster(row))), held.minutes);
    else if (held.part === 'begin') put(row, snap(row, to), last - snap(row, to));
    else put(row, held.start, snap(row, to) - held.start);
  }
  document.addEventListener('pointerdown', function (e) {
    var link = e.target.closest && e.target.closest('a[data-move]');
    if (!link || e.button !== 0 || e.pointerType === 'touch' || !wide() || held || e.ctrlKey || e.metaKey || e.shiftKey) return;
    grip = { link: link, x: e.clientX, y: e.clientY, part: part(link, e.clientX), id: e.pointerId };
    var edge = grip.part === 'end' ? +link.dataset.start + +link.dataset.minutes : +link.dataset.start;
    grip.offset = minuteAt(link.closest('[data-moving]'), link.closest('.row'), e.clientX) - edge;
  });
  document.addEventListener('pointermove', function (e) {
    if (!grip || e.pointerId !== grip.id) return;
    if (!held) {
      if (Math.hypot(e.clientX - grip.x, e.clientY - grip.y) < DRAG) return;
      lift(grip.link, grip.part);
      document.body.classList.add('moving');
      document.body.classList.toggle('sizing', grip.part !== 'all');
    }
    if (held.asking) return;
    // A pointer at the edge of the window brings what lies beyond it.
    window.scrollBy(0, e.clientY > innerHeight - EDGE * 4 ? 2 * EDGE : e.clientY < EDGE * 4 ? -2 * EDGE : 0);
    follow(e);
  });
  document.addEventListener('pointerup', function (e) {
    if (!grip || e.pointerId !== grip.id) return;
    grip = null;
    if (!held || held.asking) return;
    // The click that ends a drag is no click; only that one is taken away.
    document.addEventListener('click', swallow, true);
    setTimeout(function () { document.removeEventListener('click', swallow, true); }, 0);
    ask();
  });
  function swallow(e) { e.preventDefault(); e.stopPropagation(); }
  document.addEventListener('pointercancel', function () { grip = null; if (held && !held.asking) drop(); });
  document.addEventListener('dragstart', function (e) { if (e.target.closest && e.target.closest('a[data-move]')) e.preventDefault(); });

  // Keys. In move mode the arrows are the mode's, before anybody else's.
  function steer(key, shift) {
    var list = rows(held.box), at = list.indexOf(held.row), step = raster(held.row);
    var side = { ArrowLeft: -step, ArrowRight: step }[key], next = list[at + ({ ArrowUp: -1, ArrowDown: 1 }[key] || 0)];
    if (side && shift) put(held.row, held.start, held.minutes + side);
    else if (side) put(held.row, snap(held.row, held.start + side), held.minutes);
    else if (next) put(next, held.start, held.minutes);
  }
  document.addEventListener('keydown', function (e) {
    if (held && !held.asking) {
      if (e.key === 'Escape') { grip = null; drop(); }
      else if (e.key === 'Enter' && held.keys) ask();
      else if (e.key.startsWith('Arrow') && held.keys) steer(e.key, e.shiftKey);
      else return;
      e.preventDefault();
      e.stopPropagation();
      return;
    }
    if (e.key !== 'm' || e.ctrlKey || e.metaKey || e.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.nodeName) || document.querySelector('dialog[open]')) return;
    var link = e.target.closest('a[data-move]') || document.querySelector('[data-moving="m"] a[data-move]');
    if (!link || link.closest('[data-moving]').dataset.moving !== 'm') return;
    e.preventDefault();
    link.focus();
    lift(link);
    held.keys = true;
    say(link.closest('[data-moving]').dataset.help + ' ' + where());
  }, true);
  document.addEventListener('focusout', function (e) { if (held && held.keys && !held.asking && e.target === held.link) drop(); });
})();
