/* The checker in a thread of its own: Python from a stored memory, then one JSON request after another. */

const base = new URL(".", import.meta.url);
let reply = null;

/* A file of the site, from this browser's store where it is; `told` hears how many bytes have come. */
async function file(name, key, told) {
  const url = new URL(`${name}?${key}`, base).href;
  const store = await self.caches?.open("live").catch(() => null);
  let response = await store?.match(url);
  if (!response) {
    response = await fetch(url);
    if (!response.ok) throw new Error(`${name}: ${response.status} ${response.statusText}`);
    if (store) {
      for (const old of await store.keys()) {
        if (!old.url.endsWith(`?${key}`)) await store.delete(old);
      }
      store.put(url, response.clone()).catch(() => {});
    }
  }
  const heard = new TransformStream({
    transform(chunk, out) {
      told(chunk.byteLength);
      out.enqueue(chunk);
    },
  });
  return response.body.pipeThrough(heard);
}

const unzipped = (stream, options) => new Response(stream.pipeThrough(new DecompressionStream("gzip")), options);

async function start({ key, pages, total }) {
  let here = 0;
  const told = (bytes) => {
    here += bytes;
    self.postMessage({ progress: Math.min(1, here / total) });
  };
  const memory = file("memory.bin.gz", key, told).then((stream) => unzipped(stream).arrayBuffer());
  const shipped = {
    "pyodide.asm.wasm": file("pyodide.asm.wasm.gz", key, told).then((stream) =>
      unzipped(stream, { headers: { "content-type": "application/wasm" } })),
    "python_stdlib.zip": file("python_stdlib.zip", key, told).then((stream) => new Response(stream)),
  };
  const fetched = self.fetch;
  self.fetch = (resource, options) => shipped[String(resource).split("/").pop()] ?? fetched(resource, options);

  /* The stored memory is larger than what the program begins with. */
  const instantiate = WebAssembly.instantiateStreaming;
  WebAssembly.instantiateStreaming = async (source, imports) => {
    const made = await instantiate(source, imports);
    const { memory: room } = made.instance.exports;
    room.grow(Math.max(0, pages - room.buffer.byteLength / 65536));
    return made;
  };
  const { loadPyodide } = await import(new URL(`pyodide.mjs?${key}`, base).href);
  const python = await loadPyodide({
    indexURL: base.href,
    _loadSnapshot: memory,
  });
  const desk = python.globals.get("desk");
  reply = (request) => JSON.parse(desk.reply(JSON.stringify(request)));
}

self.onmessage = async ({ data: { id, request } }) => {
  try {
    const answer = request.do === "start" ? await start(request) : reply(request);
    self.postMessage({ id, answer: answer ?? {} });
  } catch (error) {
    self.postMessage({ id, error: String(error.message ?? error).slice(0, 2000) });
  }
};
