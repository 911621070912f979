/* A formula wider than its box fades at the edge and keeps its tab stop; one that fits needs none.
   Without this script every box can be reached and scrolled. */
function markScrolling() {
  for (const box of document.querySelectorAll(".math-box")) {
    box.classList.remove("scrolls");
    const wide = box.scrollWidth > box.clientWidth;
    box.classList.toggle("scrolls", wide);
    box.tabIndex = wide ? 0 : -1;
  }
}
addEventListener("load", markScrolling);
addEventListener("resize", markScrolling);
