"""Completion of verbs, options and files for bash, zsh and fish."""

from __future__ import annotations

import argparse
import shlex
from typing import NamedTuple

from wardkeep.cli.verbs import parser_of, present, verb

NAME = "completion"
SUMMARY = "Print the completion script of a shell."
EXAMPLE = "wardkeep completion bash > /etc/bash_completion.d/wardkeep"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the shell."""
    parser.add_argument("shell", choices=["bash", "zsh", "fish"])


def run(options: argparse.Namespace) -> int:
    """Print the script of the shell asked for."""
    print({"bash": _bash, "zsh": _zsh, "fish": _fish}[options.shell](), end="")
    return 0


class _Words(NamedTuple):
    """What may be typed after a verb: its words, and the values of options that take one."""

    words: list[str]
    values: dict[str, list[str]]


def _options() -> dict[str, _Words]:
    """Return what every verb takes."""
    return {name: _words_of(parser_of(verb(name))) for name in present()}


def _words_of(parser: argparse.ArgumentParser) -> _Words:
    found = _Words([], {})
    # argparse offers no public list of what was declared.
    for each in parser._actions:  # noqa: SLF001
        long = [text for text in each.option_strings if text.startswith("--")]
        found.words.extend(text for text in long if text not in found.words)
        values = [str(value) for value in each.choices or ()]
        found.values.update((text, values) for text in long if values)
        if not each.option_strings:
            found.words.extend(values)
        if isinstance(each, argparse._SubParsersAction):  # noqa: SLF001
            for below in map(_words_of, each.choices.values()):
                found.words.extend(word for word in below.words if word not in found.words)
                found.values.update(below.values)
    return found


def _bash() -> str:
    options = _options()
    cases = "\n".join(
        f'        {name}) words="{" ".join(taken.words)}" ;;' for name, taken in options.items()
    )
    values = "\n".join(
        f'        "{name} {option}") values="{" ".join(choices)}" ;;'
        for name, taken in options.items()
        for option, choices in taken.values.items()
    )
    return f"""\
_wardkeep() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} words= values=
    if [ "$COMP_CWORD" -eq 1 ]; then
        COMPREPLY=( $(compgen -W "{" ".join(present())} --help --version" -- "$current") )
        return
    fi
    case ${{COMP_WORDS[1]}} in
{cases}
    esac
    case "${{COMP_WORDS[1]}} ${{COMP_WORDS[COMP_CWORD-1]}}" in
{values}
    esac
    if [ -n "$values" ]; then
        COMPREPLY=( $(compgen -W "$values" -- "$current") )
        return
    fi
    COMPREPLY=( $(compgen -W "$words" -- "$current") $(compgen -f -- "$current") )
}}
complete -o filenames -F _wardkeep wardkeep ./wardkeep
"""


def _zsh() -> str:
    cases = "\n".join(
        f"        {name}) _arguments '*:file:_files' {' '.join(_for_zsh(taken))} ;;"
        for name, taken in _options().items()
    )
    verbs = "\n".join(
        f"        {shlex.quote(f'{name}:{verb(name).SUMMARY}')}" for name in present()
    )
    return f"""\
#compdef wardkeep
_wardkeep() {{
    local -a verbs
    verbs=(
{verbs}
    )
    if (( CURRENT == 2 )); then _describe verb verbs; return; fi
    case $words[2] in
{cases}
    esac
}}
compdef _wardkeep wardkeep
"""


def _for_zsh(taken: _Words) -> list[str]:
    options = [word for word in taken.words if word.startswith("--")]
    plain = [word for word in taken.words if not word.startswith("--")]
    told = []
    for word in options:
        values = taken.values.get(word)
        told.append(shlex.quote(f"{word}:value:({' '.join(values)})" if values else word))
    return told + ([shlex.quote(f"2:word:({' '.join(plain)})")] if plain else [])


def _fish() -> str:
    lines = [
        f"complete -c wardkeep -n __fish_use_subcommand -f -a {name}"
        f" -d {shlex.quote(verb(name).SUMMARY)}"
        for name in present()
    ]
    for name, taken in _options().items():
        here = f"complete -c wardkeep -n '__fish_seen_subcommand_from {name}'"
        for word in taken.words:
            values = taken.values.get(word)
            given = f" -x -a {shlex.quote(' '.join(values))}" if values else ""
            option = word.startswith("--")
            lines.append(f"{here} -l {word[2:]}{given}" if option else f"{here} -a {word}")
    return "\n".join(lines) + "\n"
