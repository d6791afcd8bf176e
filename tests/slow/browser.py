#!/usr/bin/python3
"""Pages in a real browser: nothing overflows at desktop and phone width, in light and dark, and the
console stays clean.  Needs chromium and chromedriver; without them: exit status 77."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

OOMWHY = os.environ["OOMWHY"]
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]
PORT = 9517
FIXTURES = ("fixtures/lab/6.1.0-56-cloud-amd64/many-small-vs-big/dmesg.txt",
            "fixtures/lab/7.2.13+deb14-cloud-amd64/weird-names/kmsg.raw",
            "fixtures/lab/7.2.13+deb14-cloud-amd64/storm/dmesg.txt",
            "fixtures/lab/7.2.13+deb14-cloud-amd64/memcg-longpath/kmsg.raw",
            "fixtures/era/rhel6/input.log", "fixtures/era/cut-name/input.log")
WIDTHS = (1280, 360)


class Browser:
    def __init__(self, profile):
        self.driver = subprocess.Popen(["chromedriver", f"--port={PORT}"],
                                       stdout=subprocess.DEVNULL)
        for _ in range(100):
            try:
                if self.ask("GET", "/status")["ready"]:
                    break
            except OSError:
                time.sleep(0.1)
        options = {"args": FLAGS + [f"--user-data-dir={profile}"]}
        wanted = {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
        got = self.ask("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        self.session = f"/session/{got['sessionId']}"

    def ask(self, method, path, body=None):
        request = urllib.request.Request(f"http://127.0.0.1:{PORT}{path}", method=method,
                                         data=None if body is None else json.dumps(body).encode())
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["value"]

    def show(self, path, width, scheme):
        self.ask("POST", f"{self.session}/goog/cdp/execute", {
            "cmd": "Emulation.setEmulatedMedia",
            "params": {"features": [{"name": "prefers-color-scheme", "value": scheme}]}})
        self.ask("POST", f"{self.session}/goog/cdp/execute", {
            "cmd": "Emulation.setDeviceMetricsOverride",
            "params": {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}})
        self.ask("POST", f"{self.session}/url", {"url": f"file://{path}"})

    def run(self, script):
        return self.ask("POST", f"{self.session}/execute/sync", {"script": script, "args": []})

    def console(self):
        return self.ask("POST", f"{self.session}/se/log", {"type": "browser"})

    def close(self):
        self.ask("DELETE", self.session)
        self.driver.terminate()
        self.driver.wait()


def main():
    if not shutil.which("chromedriver") or not shutil.which("chromium"):
        print("skipped: chromium and chromedriver are not there")
        return 77
    bad = n = 0
    with tempfile.TemporaryDirectory() as top:
        browser = Browser(os.path.join(top, "profile"))
        for fixture in FIXTURES:
            page = Path(top, "page.html")
            subprocess.run([OOMWHY, "explain", "--format=html", "--output", page, fixture],
                           check=True)
            for width in WIDTHS:
                for scheme in ("light", "dark"):
                    browser.show(page, width, scheme)
                    wide = browser.run("return document.scrollingElement.scrollWidth")
                    ground = browser.run(
                        "return getComputedStyle(document.body).backgroundColor")
                    dark = ground == "rgb(20, 22, 26)"
                    said = browser.console()
                    n += 1
                    if wide > width or said or dark != (scheme == "dark"):
                        bad += 1
                        print(f"{fixture}, {width} {scheme}: {wide} wide, {ground}, {said}")
        browser.close()
    print(f"{n} views, {bad} with faults")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
