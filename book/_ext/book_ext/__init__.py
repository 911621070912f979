"""The book's own Sphinx extensions: small modules, each with a `setup` of its own."""

MODULES = ("formulas", "execution", "ledger", "results", "sources", "map", "page", "access", "live")


def setup(app):
    for name in MODULES:
        app.setup_extension(f"book_ext.{name}")
    # KaTeX runs in one node process behind one pipe: forked writers would share it and hang.
    return {"parallel_read_safe": False, "parallel_write_safe": False}
