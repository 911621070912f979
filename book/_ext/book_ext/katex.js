// One request a line, [latex, options]; one answer a line, {"html", "width"} or {"error"}.
// Ends with its input.
const katex = require(process.argv[2]);
const requests = require("readline").createInterface({ input: process.stdin });

// KaTeX's ten sizes, from \tiny to \Huge.
const SIZES = [0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.2, 1.44, 1.728, 2.074, 2.488];

// The width in em of a node of KaTeX's tree, within about a fifth of an em.
function width(node, scale = 1) {
  const classes = node.classes ?? [];
  if (classes.includes("katex-mathml")) return 0;
  if (classes.includes("nulldelimiter")) return 0.12 * scale;
  const sizing = /\breset-size(\d+) size(\d+)/.exec(classes.join(" "));
  if (sizing) scale *= SIZES[sizing[2] - 1] / SIZES[sizing[1] - 1];
  const em = (name) => scale * (parseFloat(node.style?.[name]) || 0);
  const inner = (node.children ?? []).map((child) => width(child, scale));
  const stack = classes.some((name) => name.startsWith("vlist"));
  let own = stack ? Math.max(0, ...inner) : inner.reduce((sum, part) => sum + part, 0);
  // Letters joined to a word bear the width of the first alone.
  if (node.text?.length > 1) own = scale * node.text.length * (0.28 + node.width / 2);
  else if (node.text) own = scale * (node.width + node.italic || 0);
  own = Math.max(own, em("width"), em("minWidth"));
  return own + em("marginLeft") + em("marginRight") + em("paddingLeft");
}

requests.on("line", (line) => {
  let answer;
  try {
    // What renderToString calls, before it is made a string.
    const tree = katex.__renderToDomTree(...JSON.parse(line));
    answer = { html: tree.toMarkup(), width: width(tree) };
  } catch (error) {
    answer = { error: error.message };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
});
