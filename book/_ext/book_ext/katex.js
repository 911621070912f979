// One request a line, [latex, options]; one answer a line, {"html"} or {"error"}. Ends with its input.
const katex = require(process.argv[2]);
const requests = require("readline").createInterface({ input: process.stdin });

requests.on("line", (line) => {
  let answer;
  try {
    answer = { html: katex.renderToString(...JSON.parse(line)) };
  } catch (error) {
    answer = { error: error.message };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
});
