/* The live checker: answer an exercise, change a line of a derivation, check an equality of one's own.

   Python runs in a worker (worker.mjs) from files of this site, fetched when the reader asks for it. What a
   reader types is sent to that worker and nowhere else. Without this script the page is complete. */

const { page, key, pages, total } = document.querySelector("script[data-live]").dataset;
const base = new URL(".", import.meta.url);
const size = `${Math.round(total / 1e6)} MB`;
const PATIENCE = 1500;  // milliseconds before a computation can be cancelled
const LONGEST = 60000;  // milliseconds before it is

/* ------------------------------------------------------------- the worker */
let worker = null, ready = null, count = 0;
const waiting = new Map();
const progress = new Set();

function ask(request) {
  return new Promise((resolve, reject) => {
    waiting.set(++count, { resolve, reject });
    worker.postMessage({ id: count, request });
  });
}

function stop(reason) {
  worker?.terminate();
  worker = ready = null;
  for (const { reject } of waiting.values()) reject(new Error(reason));
  waiting.clear();
}

async function begin() {
  const chapter = await fetch(new URL(`${page}.json?${key}`, base)).then((response) => response.json());
  worker = new Worker(new URL("worker.mjs", base), { type: "module" });
  worker.onmessage = ({ data }) => {
    if ("progress" in data) return progress.forEach((show) => show(data.progress));
    const { resolve, reject } = waiting.get(data.id) ?? {};
    waiting.delete(data.id);
    if ("error" in data) reject?.(new Error(data.error));
    else resolve?.(data.answer);
  };
  worker.onerror = (event) => stop(event.message || "the worker could not be started");
  await ask({ do: "start", key, pages: Number(pages), total: Number(total) });
  await ask({ do: "open", cells: chapter.cells });
}

function start() {
  ready ??= begin().catch((error) => {
    stop(error.message);
    throw error;
  });
  return ready;
}

/* KaTeX in the page, for previews and replies only. */
let katex = null;
function typesetter() {
  katex ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL(`katex.min.js?${key}`, base);
    script.onload = () => resolve(window.katex);
    script.onerror = reject;
    document.head.append(script);
  });
  return katex;
}

async function typeset(box, latex) {
  box.hidden = !latex;
  if (!latex) return box.replaceChildren();
  (await typesetter()).render(latex, box, { displayMode: true, throwOnError: false, strict: false });
}

/* ------------------------------------------------------------- small parts */
function make(tag, properties = {}, ...children) {
  const { dataset = {}, ...others } = properties;
  const made = Object.assign(document.createElement(tag), others);
  Object.assign(made.dataset, dataset);
  made.append(...children);
  return made;
}

const button = (text, onclick) => make("button", { type: "button", textContent: text, onclick });
let fields = 0;

function field(label, value = "") {
  const input = make("input", { type: "text", id: `live-${++fields}`, value, autocomplete: "off", spellcheck: false });
  input.setAttribute("autocapitalize", "off");
  return { input, box: make("p", { className: "live-field" }, make("label", { htmlFor: input.id, textContent: label }), input) };
}

/* Once the reader has agreed, this browser is not asked again. */
const agreed = {
  get: () => { try { return localStorage.getItem("live") === "yes"; } catch { return false; } },
  set: () => { try { localStorage.setItem("live", "yes"); } catch { /* asked again on the next page */ } },
};

const MISSING =
  location.protocol === "file:" ? "A page opened as a file cannot run the checker. Open the book from a web server (make serve), or run this chapter's notebook." :
  !window.Worker || !window.WebAssembly || !window.DecompressionStream ? "This browser cannot run the checker. Download this chapter's notebook (the arrow at the top of the page) and run it." : "";

/* A box in which requests are made; `send` returns the request, or nothing while there is none to make. */
function panel(title, parts, send, label = "Check") {
  const said = make("div", { className: "live-said" });
  said.setAttribute("role", "status");
  const formula = make("div", { className: "live-formula math-box", hidden: true, tabIndex: 0 });
  const go = make("button", { type: "submit", textContent: label });
  const cancel = button("Cancel", () => stop("cancelled"));
  cancel.hidden = true;
  const bar = make("progress", { max: 1, value: 0, hidden: true });
  bar.setAttribute("aria-label", "Loading the checker");
  const box = make("form", { className: "live", onsubmit: (event) => { event.preventDefault(); run(); } },
    make("p", { className: "live-title", textContent: title }), ...parts,
    make("p", { className: "live-buttons" }, go, cancel, bar), said, formula);

  async function say(status, message, latex = "") {
    said.dataset.status = status;
    said.textContent = message;
    await typeset(formula, latex);
  }

  async function consent() {
    if (MISSING) return say("failed", MISSING);
    if (!agreed.get()) {
      await say("", `This loads Python, SymPy and the book's checker into this page: ${size}, once; this browser keeps them. What you type stays in this browser.`);
      said.append(" ", button("Load", () => { agreed.set(); run(); }));
      return false;
    }
    return true;
  }

  async function run() {
    const request = send();
    if (!request || !(await consent()) || go.disabled) return;
    go.disabled = true;
    const patience = setTimeout(() => { cancel.hidden = false; }, PATIENCE);
    let limit;
    const show = (part) => { bar.value = part; };
    try {
      if (!ready) {
        bar.hidden = cancel.hidden = false;
        progress.add(show);
        say("", `Loading the checker (${size}, once) …`);
      }
      await start();
      bar.hidden = true;
      await say("", "Checking …");
      limit = setTimeout(() => stop("too long"), LONGEST);
      const answer = await ask(request);
      await say(answer.status, answer.message, answer.latex);
      box.dispatchEvent(new CustomEvent("judged", { detail: answer }));
    } catch (error) {
      await say("undecided", error.message === "cancelled" ? "Cancelled. Nothing is decided." :
        error.message === "too long" ? `Cannot decide: no result after ${LONGEST / 1000} seconds.` :
          `The checker could not run: ${error.message}. Download this chapter's notebook (the arrow at the top of the page) and run it instead.`);
    } finally {
      clearTimeout(patience);
      clearTimeout(limit);
      progress.delete(show);
      go.disabled = false;
      bar.hidden = cancel.hidden = true;
    }
  }
  return box;
}

/* While the checker is at rest, a formula is shown as it is read. */
function preview(input, request) {
  const box = make("div", { className: "live-preview math-box", hidden: true });
  box.setAttribute("aria-hidden", "true");
  let timer;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const text = input.value;
      if (!ready || waiting.size || !text.trim()) return typeset(box, "");
      const answer = await ask({ ...request(), do: "preview", text }).catch(() => ({}));
      if (input.value === text) await typeset(box, answer.latex);
    }, 400);
  });
  return box;
}

/* The box is made when its button is pressed first, and shown and hidden by it after that. */
function opener(text, place, build) {
  let box = null;
  const toggle = button(text, async () => {
    if (!box) {
      box = await build();
      toggle.after(box);
    } else box.hidden = !box.hidden;
    toggle.setAttribute("aria-expanded", String(!box.hidden));
    if (!box.hidden) box.querySelector("input, select")?.focus();
  });
  toggle.className = "live-open";
  toggle.setAttribute("aria-expanded", "false");
  place.append(toggle);
}

/* ------------------------------------------------------------- what can be done */
function answer(cell, exercise, names) {
  const { input, box } = field("Your answer");
  const base = { cell, exercise };
  const lines = [];
  const list = make("ol", { className: "live-lines", hidden: true });
  const chain = make("input", { type: "checkbox", id: `live-${++fields}` });
  const form = panel("Your answer is judged here, in this page.", [
    make("p", { className: "live-names", textContent: `You may use: ${names}.` }), list, box,
    preview(input, () => ({ ...base, derivatives: chain.checked })),
    make("p", {}, chain, " ", make("label", { htmlFor: chain.id, textContent: "line by line: each line is judged against the one before" })),
  ], () => {
    if (!input.value.trim()) { input.focus(); return null; }
    return chain.checked ? { do: "chain", ...base, lines: [...lines, input.value] } : { do: "grade", ...base, text: input.value };
  });
  chain.onchange = () => { list.hidden = !chain.checked || !lines.length; };
  form.addEventListener("judged", ({ detail }) => {
    if (!chain.checked || !["line", "right"].includes(detail.status)) return;
    lines.push(input.value);
    const undo = button("Take back from here", () => {
      const place = [...list.children].indexOf(item);
      lines.splice(place);
      while (list.children.length > place) list.lastChild.remove();
      list.hidden = !lines.length;
      input.focus();
    });
    const item = make("li", {}, make("code", { textContent: input.value }), " ", undo);
    list.append(item);
    list.hidden = false;
    if (detail.status === "line") input.select();
  });
  return form;
}

function change(cell, derivation, texts) {
  const { input, box } = field("Your line in its place", texts[0]);
  const choice = make("select", { id: `live-${++fields}` }, ...texts.map((text, place) =>
    make("option", { value: place, textContent: `line ${place + 1}` })));
  choice.onchange = () => { input.value = texts[choice.value]; input.focus(); };
  return panel("Change a line: yours is judged against the line before it.", [
    make("p", { className: "live-field" }, make("label", { htmlFor: choice.id, textContent: "Line" }), choice), box,
    preview(input, () => ({ cell, derivation, number: Number(choice.value), derivatives: true })),
  ], () => input.value.trim() ? { do: "line", cell, derivation, number: Number(choice.value), text: input.value } : null);
}

function own() {
  const left = field("Left side"), right = field("Right side");
  const request = () => ({ cell: null, derivatives: true });
  return panel("An equality of your own, with the names of this chapter.", [
    left.box, preview(left.input, request), right.box, preview(right.input, request),
  ], () => left.input.value.trim() && right.input.value.trim() ?
    { do: "equal", cell: null, left: left.input.value, right: right.input.value } : null);
}

/* ------------------------------------------------------------- the page */
let chapter = null;
const known = () => (chapter ??= fetch(new URL(`${page}.json?${key}`, base)).then((response) => response.json()));

for (const place of document.querySelectorAll("[data-live]")) {
  const cell = Number(place.dataset.cell);
  if (place.dataset.live === "exercise") {
    opener("Answer here", place, async () => answer(cell, ...(await known()).exercises[cell]));
  } else if (place.dataset.live === "derivation") {
    const number = Number(place.dataset.number);
    opener("Change a line", place, async () => change(cell, number, (await known()).derivations[cell][number]));
  } else opener("Try an equality of your own", place, own);
}
