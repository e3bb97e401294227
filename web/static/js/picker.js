// Time picker: end and price follow the choice; the server's numbers, no rules here.
(function () {
  'use strict';
  function update(picker) {
    var start = picker.querySelector('[name="start"]:checked');
    if (!start) return;
    var options = {};
    start.dataset.lengths.split(';').forEach(function (o) { var p = o.split('|'); options[p[0]] = p; });
    var radios = Array.from(picker.querySelectorAll('[name="minutes"]'));
    radios.forEach(function (r) { r.disabled = !options[r.value]; if (r.disabled) r.checked = false; });
    var chosen = radios.find(function (r) { return r.checked; });
    if (!chosen) {
      chosen = radios.find(function (r) { return r.value === picker.dataset.wanted; }) || radios.find(function (r) { return !r.disabled; });
      if (!chosen || chosen.disabled) chosen = radios.find(function (r) { return !r.disabled; });
      if (chosen) chosen.checked = true;
    }
    if (chosen) show(picker, start, options[chosen.value]);
  }
  function show(picker, start, option) {
    var time = start.parentNode.textContent.trim() + '–' + option[1], price = option[2] || '';
    picker.querySelector('[data-when]').textContent = picker.dataset.day + time;
    picker.querySelector('[data-price]').textContent = price;
    picker.querySelector('.picker-sum').removeAttribute('data-empty');
    var book = picker.querySelector('[data-book]');
    if (!book || !picker.dataset.pattern) return;
    var text = picker.dataset.pattern.replace('{time}', time).replace('{price}', price);
    book.textContent = price ? text : text.replace(/,\s*$/, '');
  }
  document.addEventListener('change', function (e) {
    var picker = e.target.closest('[data-picker]');
    if (!picker) return;
    if (e.target.name === 'minutes') picker.dataset.wanted = e.target.value;
    if (e.target.name === 'start' || e.target.name === 'minutes') update(picker);
  });
  function all() { document.querySelectorAll('[data-picker]').forEach(update); }
  document.addEventListener('DOMContentLoaded', all);
  document.addEventListener('htmx:load', all);
})();
