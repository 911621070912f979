/* What the page tests ask a page. Each function returns complaints, "element: what is wrong, what was expected",
   and an empty list from a page without fault. */

const CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [tabindex]";

/* A short name of an element that a reader of the page's source can find. */
function describe(element) {
  if (!element?.closest) return "(an element that is gone)";
  const place = element.closest("[id]");
  const classes = [...element.classList].slice(0, 2).map((name) => "." + name).join("");
  const text = (element.getAttribute("aria-label") || element.innerText || "").replace(/\s+/g, " ").trim().slice(0, 40);
  const inside = place && place !== element ? ` in #${place.id}` : "";
  return `<${element.localName}${element.id ? "#" + element.id : classes}>${text && ` "${text}"`}${inside}`;
}

/* The name of a formula: where it is, and its beginning. */
function latex(formula) {
  const place = formula.closest("[id]");
  return `formula ${formula.querySelector("annotation")?.textContent.slice(0, 60)} in #${place?.id}`;
}

const seen = (element) => element.checkVisibility({ visibilityProperty: true });

const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));

/* Let nothing glide, so that what is measured is not half way. */
function still() {
  const style = document.createElement("style");
  style.textContent = "*, ::before, ::after { transition: none !important }";
  document.head.append(style);
}

/* Put on a theme at once. */
function wear(theme) {
  still();
  document.documentElement.dataset.theme = theme;
}

/* Wait until the fonts are there and the page stands. */
async function settle() {
  await document.fonts.ready;
  await frame();
  await frame();
}

/* How far the page jumped while it loaded and while one scrolls through it. */
async function shift(limit) {
  const entries = [];
  const note = (list) => entries.push(...list.getEntries().filter((entry) => !entry.hadRecentInput));
  const observer = new PerformanceObserver(note);
  observer.observe({ type: "layout-shift", buffered: true });
  await frame();
  const step = Math.max(innerHeight, document.documentElement.scrollHeight / 20);
  for (let y = 0; y < document.documentElement.scrollHeight; y += step) {
    scrollTo({ top: y, behavior: "instant" });
    await frame();
  }
  scrollTo({ top: 0, behavior: "instant" });
  await frame();
  note({ getEntries: () => observer.takeRecords() });
  observer.disconnect();
  const total = entries.reduce((sum, entry) => sum + entry.value, 0);
  if (total <= limit) return [];
  const worst = entries.sort((a, b) => b.value - a.value)[0];
  const moved = worst.sources.map((source) => describe(source.node)).slice(0, 3).join(", ");
  return [`${moved}: the page shifts by ${total.toFixed(3)}, expected at most ${limit}`];
}

/* Every formula is set, by KaTeX, in the colour of text; its MathML is there once for assistive technology. */
function formulas() {
  const found = [];
  for (const error of document.querySelectorAll(".katex-error, .math-error, merror")) {
    found.push(`${describe(error)}: an error of KaTeX, expected a formula`);
  }
  for (const place of document.querySelectorAll("span.math, div.math")) {
    if (!place.querySelector(".katex, .math-error")) found.push(`${describe(place)}: not set, expected a formula`);
  }
  for (const formula of document.querySelectorAll(".katex")) {
    const picture = formula.querySelector(":scope > .katex-html");
    if (formula.querySelectorAll("math").length !== 1) found.push(`${latex(formula)}: expected one MathML formula`);
    if (picture?.getAttribute("aria-hidden") !== "true") found.push(`${latex(formula)}: read twice, expected its picture hidden`);
    if (formula.closest("[aria-hidden=true]") && !formula.closest(".verdict")) found.push(`${latex(formula)}: hidden, expected to be read`);
    if (seen(formula) && !(picture?.getBoundingClientRect().width > 0)) found.push(`${latex(formula)}: of no width`);
  }
  const text = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = text.nextNode(); node; node = text.nextNode()) {
    const raw = /\\[a-zA-Z]{2,}|\$\$|\\[()[\]]/.exec(node.data);
    if (raw && !node.parentElement.closest("code, pre, script, style, annotation, textarea")) {
      found.push(`${describe(node.parentElement)}: raw TeX ${raw[0]}, expected a formula`);
    }
  }
  for (const font of document.fonts) {
    if (font.status === "error") found.push(`${font.family}: the font did not load`);
  }
  return found;
}

/* The contrast of formulas, which axe leaves out since their picture is hidden from assistive technology. */
function formulaContrast() {
  const found = new Map();
  const rgb = (colour) => colour.match(/[\d.]+/g).map(Number);
  const over = ([r, g, b, alpha = 1], below) => [r, g, b].map((v, place) => alpha * v + (1 - alpha) * below[place]);
  const grounds = new Map([[null, [255, 255, 255]]]);
  const behind = (element) => {
    if (!grounds.has(element)) {
      const colour = rgb(getComputedStyle(element).backgroundColor);
      grounds.set(element, colour[3] === undefined ? colour : over(colour, behind(element.parentElement)));
    }
    return grounds.get(element);
  };
  const linear = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => 0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
  for (const formula of document.querySelectorAll(".katex")) {
    if (!seen(formula)) continue;
    const ground = behind(formula);
    const colour = over(rgb(getComputedStyle(formula).color), ground);
    const [low, high] = [colour, ground].map(light).sort((a, b) => a - b);
    const ratio = (high + 0.05) / (low + 0.05);
    if (ratio < 4.5) found.set(`${colour} on ${ground}`, `${latex(formula)}: contrast ${ratio.toFixed(2)}, expected 4.5`);
  }
  return [...found.values()];
}

/* The page itself does not scroll sideways; what is wide scrolls in a box of its own. */
function sideways() {
  const width = document.documentElement.clientWidth;
  scrollTo({ left: 200, behavior: "instant" });
  const scrolled = scrollX;
  scrollTo({ left: 0, behavior: "instant" });
  if (!scrolled && document.documentElement.scrollWidth <= width) return [];
  const wide = [...document.body.querySelectorAll("*")].filter((element) => {
    if (element.getBoundingClientRect().right <= width + 1 || !seen(element)) return false;
    for (let at = element.parentElement; at !== document.body; at = at.parentElement) {
      if (getComputedStyle(at).overflowX !== "visible") return false;
    }
    return true;
  });
  const names = wide.slice(0, 3).map(describe).join(", ");
  return [`${names || "the page"}: ${document.documentElement.scrollWidth} px wide, expected at most ${width}`];
}

/* One h1, no level left out on the way down, one main. */
function outline() {
  const found = [];
  const headings = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter(seen);
  const level = (heading) => Number(heading.localName[1]);
  const first = headings.filter((heading) => level(heading) === 1);
  if (first.length !== 1) found.push(`${first.map(describe).join(", ") || "<body>"}: ${first.length} h1, expected one`);
  headings.slice(1).forEach((heading, place) => {
    if (level(heading) > level(headings[place]) + 1) {
      found.push(`${describe(heading)}: after h${level(headings[place])}, expected h${level(headings[place]) + 1} at most`);
    }
  });
  const mains = document.querySelectorAll("main, [role=main]");
  if (mains.length !== 1) found.push(`<body>: ${mains.length} main landmarks, expected one`);
  return found;
}

/* Pictures say what they show. */
function pictures() {
  const found = [];
  for (const image of document.querySelectorAll("main img")) {
    const text = image.getAttribute("alt") ?? "";
    if (!text.trim() || text.includes("_images/")) found.push(`${describe(image)} ${image.src}: alt "${text}", expected a description`);
    if (seen(image) && !image.naturalWidth) found.push(`${describe(image)} ${image.src}: not loaded`);
  }
  for (const picture of document.querySelectorAll("svg")) {
    const said = picture.getAttribute("aria-label") || picture.querySelector("title");
    if (!picture.closest("[aria-hidden=true], [role=img], button, summary") && !said) {
      found.push(`${describe(picture)} in ${describe(picture.parentElement)}: neither hidden nor described`);
    }
  }
  return found;
}

/* Without its script the page shows its text, its formulas and its figures. */
function readable() {
  const found = [];
  const folded = (element) => element.closest("details:not([open])");
  const body = document.querySelector("article.bd-article, .bd-search-container, body > main");
  if (!body) return ["<body>: no text, expected an article"];
  for (const part of body.querySelectorAll("p, li, h1, h2, h3, pre, .katex-html, img, td")) {
    if (!part.textContent.trim() && part.localName !== "img") continue;
    if (folded(part) || part.closest(".visually-hidden, .needs, noscript")) continue;
    const box = part.getBoundingClientRect();
    if (!seen(part) || !box.width || !box.height) found.push(`${describe(part)}: not seen, expected to be read without a script`);
  }
  return found;
}

/* What a mouse can use, the keyboard reaches, and one sees where it is. */
function controls() {
  const found = [];
  still();
  const look = (element) => {
    const css = getComputedStyle(element);
    const outline = css.outlineStyle === "none" || parseFloat(css.outlineWidth) === 0 ? "" : css.outline;
    return [outline, css.boxShadow, css.backgroundColor, css.borderColor, css.textDecorationLine, css.textDecorationColor, css.translate, css.transform, css.opacity].join();
  };
  document.activeElement.blur();
  for (const control of [...document.querySelectorAll(CONTROLS)].filter(seen)) {
    if (control.disabled || control.tabIndex < 0 && control.hasAttribute("tabindex")) continue;
    const before = look(control);
    control.focus({ preventScroll: true });
    if (document.activeElement !== control) found.push(`${describe(control)}: takes no focus`);
    else if (look(control) === before && !sameAround(control, look)) found.push(`${describe(control)}: looks the same with the focus`);
    control.blur();
  }
  const clickable = (element) => getComputedStyle(element).cursor === "pointer";  // its children inherit it
  for (const element of document.body.querySelectorAll("*")) {
    if (element.closest(`${CONTROLS}, label, .katex`) || element.querySelector("button") || !seen(element)) continue;
    if (clickable(element) && !clickable(element.parentElement)) {
      found.push(`${describe(element)}: for the mouse only, expected a button or a link`);
    }
  }
  return found;
}

/* A field may show its focus by its frame. */
function sameAround(control, look) {
  const around = control.parentElement;
  const focused = look(around);
  control.blur();
  const changed = look(around) !== focused;
  control.focus({ preventScroll: true });
  return changed;
}

/* What the Tab key should reach; a radio button or a tab stands for its group. */
function tabStops() {
  const stops = [...document.querySelectorAll(CONTROLS)].filter((element) =>
    seen(element) && element.tabIndex >= 0 && !element.disabled && !element.closest("[inert]"));
  window.missed = new Set(stops.filter((element) => element.type !== "radio"));
  addEventListener("focusin", (event) => window.missed.delete(event.target), true);
  return stops.length;
}

const tabMissed = () => [...window.missed].map((element) => `${describe(element)}: the Tab key does not reach it`);

/* For readers who asked for less motion nothing moves by itself or glides. */
function motion() {
  const found = document.getAnimations().filter((animation) => animation.playState === "running")
    .map((animation) => `${describe(animation.effect.target)}: moves, expected to stand still`);
  for (const element of [document.documentElement, document.body, ...document.querySelectorAll(CONTROLS)]) {
    const css = getComputedStyle(element);
    if (css.scrollBehavior === "smooth") found.push(`${describe(element)}: scrolls smoothly, expected at once`);
    const longest = Math.max(...`${css.transitionDuration}, ${css.animationDuration}`.split(", ").map(parseFloat));
    if (longest > 0.01) found.push(`${describe(element)}: glides for ${longest} s, expected at once`);
  }
  return found;
}

/* axe needs minutes for the tens of thousands of boxes that KaTeX and the highlighting of code make. A formula becomes
   one box of the same size with its name: its picture is hidden from assistive technology anyway. Of each kind of token in code the
   first stays, for its colour; the others become plain text. */
function hollow() {
  const formulas = [...document.querySelectorAll(".katex")];
  const sizes = formulas.map((formula) => formula.getBoundingClientRect());
  formulas.forEach((formula, place) => {
    const box = document.createElement("span");
    box.setAttribute("role", "math");
    box.setAttribute("aria-label", formula.querySelector("annotation")?.textContent ?? "formula");
    box.style.cssText = `display: inline-block; width: ${sizes[place].width}px; height: ${sizes[place].height}px`;
    formula.replaceChildren(box);
  });
  const kept = new Set();
  for (const token of document.querySelectorAll("pre span[class]")) {
    const kind = `${token.className} in ${token.closest("[class*=cell_], [class*=highlight-]")?.className}`;
    if (kept.has(kind)) token.replaceWith(token.textContent);
    else kept.add(kind);
  }
  for (const code of document.querySelectorAll("pre")) code.normalize();
}

/* The rules of axe, all of them, or the named ones. */
async function accessible(rules) {
  const options = { preload: false, resultTypes: ["violations"], rules: { "target-size": { enabled: true } } };
  if (rules) options.runOnly = rules;
  const { violations } = await axe.run(options);
  return violations.flatMap((rule) => rule.nodes.map((node) =>
    `${node.target.join(" ")}: ${rule.id}: ${node.failureSummary.split("\n").slice(1).join(" ").trim()}`));
}
