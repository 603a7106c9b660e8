"""Completion of verbs, options and files for bash, zsh and fish."""

from __future__ import annotations

import argparse
import shlex

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


def _options() -> dict[str, list[str]]:
    """Return every verb's long options."""
    return {name: _long_options(parser_of(verb(name))) for name in present()}


def _long_options(parser: argparse.ArgumentParser) -> list[str]:
    # argparse offers no public list of what was declared.
    actions = parser._actions  # noqa: SLF001
    return [text for each in actions for text in each.option_strings if text.startswith("--")]


def _bash() -> str:
    cases = "\n".join(
        f'        {name}) words="{" ".join(words)}" ;;' for name, words in _options().items()
    )
    return f"""\
_wardkeep() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} words=
    if [ "$COMP_CWORD" -eq 1 ]; then
        COMPREPLY=( $(compgen -W "{" ".join(present())} --help --version" -- "$current") )
        return
    fi
    case ${{COMP_WORDS[1]}} in
{cases}
    esac
    COMPREPLY=( $(compgen -W "$words" -- "$current") $(compgen -f -- "$current") )
}}
complete -o filenames -F _wardkeep wardkeep ./wardkeep
"""


def _zsh() -> str:
    cases = "\n".join(
        f"        {name}) _arguments '*:file:_files' {' '.join(map(shlex.quote, words))} ;;"
        for name, words in _options().items()
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


def _fish() -> str:
    lines = [
        f"complete -c wardkeep -n __fish_use_subcommand -f -a {name}"
        f" -d {shlex.quote(verb(name).SUMMARY)}"
        for name in present()
    ]
    lines += [
        f"complete -c wardkeep -n '__fish_seen_subcommand_from {name}' -l {word[2:]}"
        for name, words in _options().items()
        for word in words
    ]
    return "\n".join(lines) + "\n"
