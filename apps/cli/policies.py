"""`rehearse policies`: the library, policies in plain words, their differences, their faults."""

from pathlib import Path

import click

from apps.cli.base import Command, Group, common, option
from apps.cli.errors import CHECK_FAILED
from apps.cli.language import language
from apps.cli.output import console, show_text, tell, write_json
from apps.cli.texts import pick, say


@click.group("policies", cls=Group, invoke_without_command=True)
@common()
@click.pass_context
def policies(context, json_file):
    """Without a further command: the list."""
    if context.invoked_subcommand is None:
        list_policies(json_file)


@policies.command("list", cls=Command)
@common()
def listing(json_file):
    """The library."""
    list_policies(json_file)


def list_policies(json_file: str | None) -> None:
    """Write the names and titles of the library."""
    from apps.cli.library import Entry, show_list
    from policies.documents.loader import library_names, load_policy

    entries = [Entry(name, *load_policy(name).title.model_dump().values()) for name in library_names()]
    show_list(entries)
    write_json(json_file, [{"name": entry.name, "title": {"en": entry.en, "zh": entry.zh}} for entry in entries])


@policies.command("show", cls=Command)
@click.argument("policy", metavar="POLICY")
@option("--yaml", "as_yaml", is_flag=True, text="option.yaml")
@common()
def show(policy, as_yaml, json_file):
    """One policy in words, or whole."""
    from policies.documents.loader import load_policy, policy_yaml

    loaded = load_policy(policy)
    if as_yaml:
        show_text(policy_yaml(loaded).rstrip())
    else:
        from policies.words.policy_words import policy_words

        screen = console()
        screen.print(f"{pick(loaded.title.en, loaded.title.zh)} ({loaded.name})", style="bold")
        screen.print(pick(loaded.summary.en, loaded.summary.zh))
        screen.print()
        show_text("\n".join(policy_words(loaded, language.get())))
    write_json(json_file, loaded.model_dump(mode="json"))


@policies.command("diff", cls=Command)
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@common()
def diff(a, b, json_file):
    """The difference in words."""
    from policies.documents.loader import load_policy
    from policies.words.policy_words import differences

    old, new = load_policy(a), load_policy(b)
    show_text("\n".join(differences(old, new, language.get())) or say("diff.same"))
    both = zip(differences(old, new, "en"), differences(old, new, "zh"), strict=True)
    write_json(json_file, [{"en": en, "zh": zh} for en, zh in both])


@policies.command("check", cls=Command)
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@common()
@click.pass_context
def check(context, files, json_file):
    """Every problem of every file."""
    from policies.checks.check import check as problems_of
    from policies.documents.loader import library_names, load_policy
    from policies.words.where_it_acts import rehearsed_only

    problems = []
    for file in files:
        if file not in library_names() and not Path(file).is_file():
            load_policy(file)  # a file that is not there is bad input, not a document to mend: this says so
        found = problems_of(file)
        for problem in found:
            tell(pick(problem.en, problem.zh))
        if not found:
            console().print(say("check.good", file=file))
            told = load_policy(file)
            remarks = [pick(each.en, each.zh) for each in told.cannot_rehearse]
            for remark in (*remarks, *(pick(each.en, each.zh) for each in rehearsed_only(told))):
                show_text(remark)
        problems.extend(found)
    write_json(json_file, [problem._asdict() for problem in problems])
    if problems:
        context.exit(CHECK_FAILED)
