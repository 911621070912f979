"""A pytest plugin: nbval does not compare the ledger's rows, which carry milliseconds."""

from book_ext.ledger import MIME


def pytest_collectstart(collector):
    if hasattr(collector, "skip_compare"):
        collector.skip_compare += (MIME,)
