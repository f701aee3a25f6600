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
