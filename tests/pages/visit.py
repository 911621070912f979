"""A visit of one page: what a browser finds wrong with it, claim by claim.

A claim is what must hold of every page. Each gets a list of complaints, which name the element and what was expected.
"""

import base64
from importlib.util import find_spec
from pathlib import Path

FACTS = Path(__file__).with_name("facts.js").read_text(encoding="utf8")
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}
SHIFT = 0.01            # the largest layout shift
THEMES = {"light": "", "dark": ["color-contrast", "link-in-text-block"]}  # the rules of axe to try; none: all
TALLEST = 8_000         # pixels: of a longer page the picture shows the beginning

CLAIMS = {
    "console": "says nothing in the console",
    "requests": "asks for nothing that is foreign or missing",
    "formulas": "shows every formula",
    "shift": f"does not shift by more than {SHIFT}",
    "sideways": "does not scroll sideways on a telephone",
    "outline": "has one h1, headings in order, one main",
    "pictures": "describes its pictures",
    "axe-light": "breaks no rule of axe in the light",
    "axe-dark": "breaks no rule of axe in the dark",
    "controls": "shows the focus of each control",
    "tab": "lets the Tab key reach each control",
    "motion": "does not move for readers who asked for less motion",
    "script-off": "can be read without its script",
}


def axe():
    """Return the source of axe-core, which the package axe-playwright-python carries."""
    return Path(find_spec("axe_playwright_python").origin).with_name("axe.min.js").read_text(encoding="utf8")


class Visit:
    """A visit of the page at an address; `complaints` has a list for each claim that was looked at."""

    def __init__(self, browser, address, pictures=None):
        self.browser, self.address, self.pictures = browser, address, pictures
        self.complaints = {}

    def complain(self, claim, found, where=""):
        self.complaints.setdefault(claim, []).extend(f"{complaint}{where}" for complaint in found)

    async def all(self):
        """Look at everything and return the complaints by claim."""
        await self.desktop()
        await self.phone()
        await self.without_script()
        return self.complaints

    async def open(self, **settings):
        """Open the page in a window of its own and note what it says and what it asks for."""
        context = await self.browser.new_context(**settings)
        page = await context.new_page()
        host = "/".join(self.address.split("/")[:3]) + "/"
        for claim in ("console", "requests"):
            self.complain(claim, [])

        def said(message):
            if message.type in ("error", "warning"):
                self.complain("console", [f"{message.location.get('url')}: {message.type} {message.text}"])

        def asked(request):
            if not request.url.startswith((host, "data:", "blob:")):
                self.complain("requests", [f"{request.url}: foreign, expected from the book alone"])

        def failed(request):
            if request.method != "HEAD":  # Chromium calls the empty answer to HEAD aborted
                self.complain("requests", [f"{request.url}: {request.failure}"])

        def answered(response):
            if response.status >= 400:
                self.complain("requests", [f"{response.url}: status {response.status}, expected 200"])

        page.on("console", said)
        page.on("pageerror", lambda error: self.complain("console", [f"script: {error}"]))
        page.on("request", asked)
        page.on("requestfailed", failed)
        page.on("response", answered)
        await page.goto(self.address, wait_until="load")
        return page

    async def ask(self, page, claim, call, where=""):
        self.complain(claim, await page.evaluate(f"async () => {{ {FACTS}; return await {call} }}"), where)

    async def do(self, page, call):
        return await page.evaluate(f"async () => {{ {FACTS}; return await {call} }}")

    async def desktop(self):
        page = await self.open(viewport=DESKTOP)
        await self.do(page, "settle()")
        await self.ask(page, "shift", f"shift({SHIFT})", " (1280 px)")
        for claim in ("formulas", "outline", "pictures"):
            await self.ask(page, claim, f"{claim}()")
        for theme in THEMES:
            await self.do(page, f"wear('{theme}')")
            await self.ask(page, f"axe-{theme}", "formulaContrast()")
            await self.picture(page, theme)
        await self.do(page, "hollow()")
        await page.evaluate(axe())
        for theme, rules in THEMES.items():
            await self.do(page, f"wear('{theme}')")
            await self.ask(page, f"axe-{theme}", f"accessible({rules})")
        await page.keyboard.press("Tab")  # from here on the focus is that of a keyboard
        await self.ask(page, "controls", "controls()")
        await self.tab(page)
        await page.context.close()

    async def phone(self):
        page = await self.open(viewport=PHONE, reduced_motion="reduce", has_touch=True)
        await self.do(page, "settle()")
        await self.ask(page, "motion", "motion()")
        await self.ask(page, "shift", f"shift({SHIFT})", " (360 px)")
        await self.ask(page, "sideways", "sideways()")
        for theme in THEMES:
            await self.do(page, f"wear('{theme}')")
            await self.picture(page, theme)
        await page.context.close()

    async def tab(self, page):
        """Press the Tab key as often as there are stops, from the start of the page."""
        await self.do(page, "document.activeElement.blur()")
        stops = await self.do(page, "tabStops()")
        for _ in range(stops + 5):
            await page.keyboard.press("Tab")
        await self.ask(page, "tab", "tabMissed()")

    async def without_script(self):
        page = await self.open(viewport=DESKTOP, java_script_enabled=False)
        await self.ask(page, "script-off", "readable()")
        await page.context.close()

    async def picture(self, page, theme):
        if self.pictures is None:
            return
        size = await self.do(page, "[document.documentElement.clientWidth, document.documentElement.scrollHeight]")
        clip = {"x": 0, "y": 0, "width": size[0], "height": min(size[1], TALLEST), "scale": 1}
        client = await page.context.new_cdp_session(page)
        options = {"format": "jpeg", "quality": 60, "optimizeForSpeed": True, "captureBeyondViewport": True}
        shot = await client.send("Page.captureScreenshot", {**options, "clip": clip})
        await client.detach()
        name = Path(self.address).stem
        self.pictures.mkdir(parents=True, exist_ok=True)
        (self.pictures / f"{name}-{size[0]}-{theme}.jpg").write_bytes(base64.b64decode(shot["data"]))
