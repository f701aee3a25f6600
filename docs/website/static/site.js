// A table that is wider than a phone stands row by row there, each cell below the other with the name of its column. One
// that fits stays a table, and so does one with columns that have no name of their own.
const namesOf = (table) => [...(table.tHead?.rows[0]?.cells ?? [])].map((head) => head.textContent.trim());
const stacked = () => {
  for (const table of document.querySelectorAll(".table-wrapper > table")) {
    table.classList.remove("stacks");
    if (innerWidth > 600 || table.parentElement.scrollWidth <= table.parentElement.clientWidth) continue;
    const names = namesOf(table);
    if (names.length < 2 || !names.slice(1).every(Boolean)) continue;
    for (const row of table.querySelectorAll("tbody tr")) {
      [...row.cells].slice(1).forEach((cell, place) => {
        cell.dataset.label = names[place + 1];
      });
    }
    table.classList.add("stacks");
  }
};
document.addEventListener("DOMContentLoaded", stacked);
window.addEventListener("resize", stacked);

// A table or a block of code that is wider than its place can be scrolled by keyboard, too.
const reachable = () => {
  for (const one of document.querySelectorAll("pre, .table-wrapper")) {
    const hidden = one.scrollWidth > one.clientWidth;
    if (hidden) one.setAttribute("tabindex", "0");
    else one.removeAttribute("tabindex");
  }
};
document.addEventListener("DOMContentLoaded", reachable);
window.addEventListener("resize", reachable);
