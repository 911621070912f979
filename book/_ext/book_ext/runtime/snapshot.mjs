// Pyodide's memory after SymPy and our checker have been imported, so that a page does not import them again.
// node snapshot.mjs PYODIDE SOURCES WORK OUT: folders of Pyodide, of the Python packages, for bytecode, for the result
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";

const [pyodide, sources, work, out] = process.argv.slice(2);
const { loadPyodide, version } = await import(pathToFileURL(join(pyodide, "pyodide.mjs")));

async function imported(options) {
  const python = await loadPyodide({
    indexURL: pyodide,
    env: { HOME: "/home/pyodide", PYTHONHASHSEED: "0", PYTHONPYCACHEPREFIX: "/bytecode" },
    ...options,
  });
  for (const [inside, outside] of [["/sources", sources], ["/bytecode", work]]) {
    python.FS.mkdirTree(inside);
    python.mountNodeFS(inside, outside);
  }
  python.runPython(readFileSync(new URL("warm_up.py", import.meta.url), "utf8"));
  for (const inside of ["/sources", "/bytecode"]) python.FS.unmount(inside);
  return python;
}

await imported({});  // compiles to bytecode: compilers leave their traces in memory
const memory = (await imported({ _makeSnapshot: true })).makeMemorySnapshot();

mkdirSync(out, { recursive: true });
writeFileSync(join(out, "memory.bin.gz"), gzipSync(memory, { level: 6 }));
writeFileSync(join(out, "pyodide.asm.wasm.gz"), gzipSync(readFileSync(join(pyodide, "pyodide.asm.wasm")), { level: 6 }));
for (const name of ["pyodide.mjs", "pyodide.asm.mjs", "python_stdlib.zip"]) copyFileSync(join(pyodide, name), join(out, name));
const lock = JSON.parse(readFileSync(join(pyodide, "pyodide-lock.json"), "utf8"));
writeFileSync(join(out, "pyodide-lock.json"), JSON.stringify({ info: lock.info, packages: {} }));  // none is loaded
writeFileSync(join(out, "runtime.json"), JSON.stringify({
  version,
  pages: Math.ceil(memory.length / 65536),
  memory: createHash("sha256").update(memory).digest("hex"),
}));
