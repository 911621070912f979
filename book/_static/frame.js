/* From a file nothing can be fetched: the search then shows its results without an extract of each. */
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;

/* A displayed formula has a button that copies its LaTeX; that of a derivation, its lines as a block. */
function latexOf(display) {
  const source = (box) => box.querySelector("annotation").textContent;
  const items = [...display.querySelectorAll("li")];
  if (!items.length) return source(display);
  const rows = items.map((item) => {
    const left = item.querySelector(".left");
    return `${left ? source(left) : ""} &${source(item.querySelector(".line"))}`.trim();
  });
  return `\\begin{aligned}\n${rows.join(" \\\\\n")}\n\\end{aligned}`;
}

function addCopyButton(display) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy-latex";
  button.textContent = "Copy LaTeX";
  button.addEventListener("click", () => {
    ClipboardJS.copy(latexOf(display));
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy LaTeX"; }, 2000);
  });
  display.append(button);
}

addEventListener("DOMContentLoaded", () => {
  for (const display of document.querySelectorAll(".bd-article div.math")) {
    if (display.querySelector("annotation") && !display.closest("table, button")) addCopyButton(display);
  }
});
