(function () {
  var find = document.getElementById('find');
  if (!find) return;
  var files = Array.prototype.slice.call(document.querySelectorAll('.file'));
  var boxes = {};
  ['error', 'warning', 'info'].forEach(function (severity) {
    boxes[severity] = document.getElementById('show-' + severity);
    boxes[severity].addEventListener('change', filter);
  });
  var none = document.getElementById('none');
  document.querySelector('.find').hidden = false;
  document.querySelectorAll('button[data-find]').forEach(function (button) {
    button.hidden = false;
    button.setAttribute('aria-label', 'show only ' + button.dataset.find);
    button.addEventListener('click', function () {
      find.value = find.value === button.dataset.find ? '' : button.dataset.find;
      filter();
      document.getElementById('found').scrollIntoView();
    });
  });
  function filter() {
    var words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    var any = false;
    files.forEach(function (file) {
      var name = file.querySelector('h3').textContent.toLowerCase();
      var left = false;
      file.querySelectorAll('article').forEach(function (article) {
        var text = name + ' ' + article.textContent.toLowerCase();
        article.hidden = !boxes[article.className].checked || !words.every(function (word) { return text.indexOf(word) >= 0; });
        left = left || !article.hidden;
      });
      file.hidden = !left;
      any = any || left;
    });
    none.hidden = any;
  }
  var waiting;
  find.addEventListener('input', function () {
    clearTimeout(waiting);
    waiting = setTimeout(filter, 120);
  });
  document.querySelector('.filter').addEventListener('submit', function (event) { event.preventDefault(); });
})();
