"""A browser for the page tests: the system's Chromium, driven by Playwright, and a server for the built book.

Playwright's own browsers are never downloaded. No host but the server can be reached.
"""

import asyncio
import os
import shutil
import sys
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge",
         "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
MISSING = ("not run: no Chromium. Install it (Debian, Ubuntu: sudo apt install chromium), "
           "or say where one is: CHROMIUM=/path/to/chrome make test-pages")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
         "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1")


def find_chromium():
    """Return the path of the system's Chromium or of a relative of it; None if there is none."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, *_):
        pass


@contextmanager
def served(folder):
    """Serve a folder on a free port, as long as the block lasts; give the address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@asynccontextmanager
async def chromium():
    """Start the browser, as long as the block lasts."""
    from playwright.async_api import async_playwright  # installed by `make test-pages` only

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS))
        yield browser
        await browser.close()


async def side_by_side(number, jobs):
    """Run the coroutines, at most `number` at a time."""
    limit = asyncio.Semaphore(number)

    async def one(job):
        async with limit:
            await job

    await asyncio.gather(*map(one, jobs))


if __name__ == "__main__" and find_chromium() is None:
    sys.exit(f"Every page in a browser: {MISSING}")
