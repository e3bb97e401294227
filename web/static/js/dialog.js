// A link with data-dialog-open shows the dialog of that id instead of its page.
(function () {
  'use strict';
  document.addEventListener('click', function (e) {
    var opener = e.target.closest('[data-dialog-open]');
    if (opener && !e.ctrlKey && !e.metaKey && !e.shiftKey) {
      var dialog = document.getElementById(opener.dataset.dialogOpen);
      if (dialog && dialog.showModal) { e.preventDefault(); dialog.showModal(); }
      return;
    }
    var closer = e.target.closest('[data-dialog-close]');
    if (closer) { var d = closer.closest('dialog'); if (d && d.open) { e.preventDefault(); d.close(); } return; }
    if (e.target.nodeName === 'DIALOG') {
      var box = e.target.getBoundingClientRect();
      if (e.clientX < box.left || e.clientX > box.right || e.clientY < box.top || e.clientY > box.bottom) e.target.close();
    }
  });
})();
