"""`services`: what the hub can ask over HTTP, what each needs, what was only tried against a simulator."""

from __future__ import annotations

import argparse

import msgspec

from app.boot.words import LANGUAGES, console, console_language
from app.domain.effect import KINDS
from app.text import Text
from sync.manifest.block import Words
from sync.manifest.errands import Service, service_ids, service_of


def main(argv: list[str]) -> int:
    """Print the services that come with Docket."""
    parser = argparse.ArgumentParser(prog="run.py services", description="Say what services need.")
    parser.add_argument("--json", action="store_true", help="their manifests, as JSON")
    parser.add_argument("--lang", choices=LANGUAGES, default="", help="language of the list")
    asked = parser.parse_args(argv)
    known = [service_of(name) for name in service_ids()]
    if asked.json:
        print(msgspec.json.encode({one.id: one for one in known}).decode())
        return 0
    print("\n\n".join(told(one, asked.lang or console_language()) for one in known))
    return 0


def told(service: Service, language: str) -> str:
    """Say what a service does, what it needs, and which lines its settings have."""

    def of(words: Words) -> str:
        own, other = (words.zh, words.en) if language == "zh_CN" else (words.en, words.zh)
        return own or other

    does = ", ".join(console(Text(KINDS[kind]), language) for kind in service.does)
    settings = [
        f"  {name}{f' = {one.default}' if one.default else ''}{'?' if one.optional else ''}  {of(one.label)}"
        for name, one in service.settings.items()
    ]
    return "\n".join((f"{service.id}: {of(service.title)} ({does})", f"  {of(service.about)}", *settings))
