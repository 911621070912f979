/* A formula wider than its box fades at the edge and keeps its tab stop; one that fits needs none.
   Without this script every box can be reached and scrolled. */
function markScrolling() {
  for (const box of document.querySelectorAll(".math-box")) {
    box.classList.remove("scrolls");
    const formula = box.querySelector(".katex-html");  // its hidden MathML may be wider
    const wide = formula ? formula.getBoundingClientRect().width > box.clientWidth + 1 : box.scrollWidth > box.clientWidth;
    box.classList.toggle("scrolls", wide);
    box.tabIndex = wide ? 0 : -1;
  }
}
addEventListener("load", markScrolling);
addEventListener("resize", markScrolling);

/* A formula is copied as its LaTeX, $...$, and whole; the browser would copy it thrice, in pieces. */
addEventListener("copy", (event) => {
  const selection = getSelection();
  if (!selection.rangeCount || !event.clipboardData) return;
  const range = selection.getRangeAt(0).cloneRange();
  const formula = (node) => (node.closest ? node : node.parentElement).closest(".katex");
  const [first, last] = [formula(range.startContainer), formula(range.endContainer)];
  if (first) range.setStartBefore(first);
  if (last) range.setEndAfter(last);
  const copy = document.createElement("div");
  copy.append(range.cloneContents());
  if (!copy.querySelector(".katex")) return;
  for (const unseen of copy.querySelectorAll("[aria-hidden=true], .headerlink")) unseen.remove();
  for (const math of copy.querySelectorAll(".katex")) {
    math.replaceWith(`$${math.querySelector("annotation").textContent}$`);
  }
  event.clipboardData.setData("text/plain", copy.textContent.trim());
  event.clipboardData.setData("text/html", copy.innerHTML);
  event.preventDefault();
});

/* The theme takes the focus from some of its buttons when they are pressed. With the keyboard one would be lost. */
addEventListener("click", (event) => {
  const button = event.target.closest?.(".btn");
  const byKeyboard = event.detail === 0;
  if (button && byKeyboard) button.blur = () => {};
  else if (button) delete button.blur;
}, true);
