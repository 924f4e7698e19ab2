"use strict";
// Everything is readable without this: it adds the theme switch and the download of the data.
(function () {
  var theme = document.getElementById("theme");
  theme.parentElement.hidden = false;
  theme.addEventListener("change", function () {
    if (theme.value) { document.documentElement.dataset.theme = theme.value; }
    else { delete document.documentElement.dataset.theme; }
  });
  // A link to folded YAML opens it.
  function unfold() {
    var target = document.getElementById(location.hash.slice(1));
    if (target && target.tagName === "DETAILS") { target.open = true; target.scrollIntoView(); }
  }
  window.addEventListener("hashchange", unfold);
  unfold();
  var download = document.getElementById("download");
  download.parentElement.hidden = false;
  download.addEventListener("click", function () {
    var data = JSON.parse(document.getElementById("summary-data").textContent);
    var text = JSON.stringify(data, null, 2) + "\n";
    var link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    link.download = download.dataset.name;
    link.click();
    URL.revokeObjectURL(link.href);
  });
})();
