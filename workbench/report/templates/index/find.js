"use strict";
(function () {
  const tools = document.getElementById("find");
  const words = document.getElementById("words");
  const kind = document.getElementById("kind");
  const status = document.getElementById("status");
  const said = document.getElementById("found");
  const rows = Array.from(document.querySelectorAll("tr[data-kind]"));
  const texts = rows.map((row) => row.dataset.find
    || (row.cells[0].textContent + " " + row.cells[2].textContent).toLowerCase());
  const groups = Array.from(document.querySelectorAll("details.group"));
  const open = groups.map((group) => group.open);
  const sections = Array.from(document.querySelectorAll("section[data-section]"));

  function keeps(row, text, wanted) {
    return wanted.every((word) => text.includes(word))
      && (!kind.value || row.dataset.kind === kind.value)
      && (!status.value || row.dataset.status.split(" ").includes(status.value));
  }

  function show() {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach(function (row, place) {
      row.hidden = !keeps(row, texts[place], wanted);
      shown += row.hidden ? 0 : 1;
    });
    groups.forEach(function (group, place) {
      group.hidden = !group.querySelector("tr[data-kind]:not([hidden])");
      group.open = shown === rows.length ? open[place] : !group.hidden;
    });
    for (const section of sections) {
      section.hidden = !section.querySelector("tr[data-kind]:not([hidden])");
    }
    const every = rows.length === 1 ? "1 report" : rows.length + " reports";
    said.textContent = shown === rows.length ? "All " + every + " shown."
      : shown === 0 ? "No report of " + rows.length + " fits. Clear the search to see them all."
      : shown + " of " + every + " shown.";
  }

  words.addEventListener("input", show);
  kind.addEventListener("change", show);
  status.addEventListener("change", show);
  document.getElementById("clear").addEventListener("click", function () {
    words.value = kind.value = status.value = "";
    show();
    words.focus();
  });
  tools.hidden = false;
  show();
})();
