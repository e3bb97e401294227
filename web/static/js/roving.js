// One tab stop per row of the timeline and per month; arrows move inside.
(function () {
  'use strict';
  function items(box) { return Array.from(box.querySelectorAll('[data-item]')); }
  function mark(box, one) {
    items(box).forEach(function (i) { i.tabIndex = i === one ? 0 : -1; });
  }
  function start(root) {
    root.querySelectorAll('[data-roving]').forEach(function (box) {
      var all = items(box);
      if (all.length) mark(box, all.find(function (i) { return i.hasAttribute('aria-current'); }) || all[0]);
    });
  }
  function go(box, one) { if (one) { mark(box, one); one.focus(); } }
  function step(box, here, by) {
    var all = items(box);
    go(box, all[all.indexOf(here) + by]);
  }
  // A week up or down: the same column in the rows that follow.
  function column(box, here, by) {
    var td = here.closest('td'), row = td.parentNode;
    for (row = by > 0 ? row.nextElementSibling : row.previousElementSibling; row; row = by > 0 ? row.nextElementSibling : row.previousElementSibling) {
      var one = row.children[td.cellIndex].querySelector('[data-item]');
      if (one) { go(box, one); return; }
    }
  }
  // A room up or down: what begins nearest on the screen.
  function rowStep(here, by) {
    var rows = Array.from(document.querySelectorAll('[data-roving="row"]')), x = here.getBoundingClientRect().left;
    for (var i = rows.indexOf(here.closest('[data-roving]')) + by; rows[i]; i += by) {
      var near = items(rows[i]).sort(function (a, b) {
        return Math.abs(a.getBoundingClientRect().left - x) - Math.abs(b.getBoundingClientRect().left - x);
      })[0];
      if (near) { go(rows[i], near); return; }
    }
  }
  document.addEventListener('keydown', function (e) {
    var here = e.target.closest && e.target.closest('[data-item]');
    if (!here || e.altKey || e.ctrlKey || e.metaKey) return;
    var box = here.closest('[data-roving]'), grid = box.dataset.roving === 'grid', all = items(box);
    var page = { PageUp: 'prev', PageDown: 'next' }[e.key];
    if (e.key === 'ArrowRight') step(box, here, 1);
    else if (e.key === 'ArrowLeft') step(box, here, -1);
    else if (e.key === 'ArrowDown' && grid) column(box, here, 1);
    else if (e.key === 'ArrowUp' && grid) column(box, here, -1);
    else if (e.key === 'ArrowDown') rowStep(here, 1);
    else if (e.key === 'ArrowUp') rowStep(here, -1);
    else if (e.key === 'Home') go(box, all[0]);
    else if (e.key === 'End') go(box, all[all.length - 1]);
    else if (page && grid) { var link = box.querySelector('[data-page="' + page + '"]'); if (link) link.click(); }
    else return;
    e.preventDefault();
  });
  document.addEventListener('DOMContentLoaded', function () { start(document); });
  document.addEventListener('htmx:load', function (e) { start(e.target.parentNode || document); });
})();
