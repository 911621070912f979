"""The site as a zip that opens without a network or a server: make zip

The same site gives the same bytes: names in order, one date, one set of permissions. Its pages do not ask for fonts
ahead: from a file a browser refuses that, and complains; it loads them all the same when the style sheet asks.
"""

import re
import time
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "_build" / "html"
OUTPUT = ROOT / "_build" / "backprop-line-by-line.zip"
DATE = (1980, 1, 1, 0, 0, 0)  # the first that a zip can bear
LEFT_OUT = {".buildinfo", "objects.inv"}  # for Sphinx, not for a reader
AHEAD = re.compile(rb'<link rel="preload" as="font"[^>]*>\n?')


def archive(site, path):
    """Write the files of a site to a zip, in a folder of the zip's name; return how many there are."""
    files = [file for file in sorted(site.rglob("*")) if file.is_file() and file.name not in LEFT_OUT]
    with zipfile.ZipFile(path, "w") as target:
        for file in files:
            info = zipfile.ZipInfo(f"{path.stem}/{file.relative_to(site).as_posix()}", DATE)
            info.external_attr = 0o644 << 16
            info.create_system = 3  # Unix, whichever system writes it
            content = file.read_bytes()
            content = AHEAD.sub(b"", content) if file.suffix == ".html" else content
            target.writestr(info, content, zipfile.ZIP_DEFLATED, 9)
    return len(files)


def main():
    start = time.monotonic()
    count = archive(SITE, OUTPUT)
    print(f"{count} files, {OUTPUT.stat().st_size / 1e6:.1f} MB, {time.monotonic() - start:.0f} s: "
          f"{OUTPUT.relative_to(ROOT)}; unpack it and open index.html")


if __name__ == "__main__":
    main()
