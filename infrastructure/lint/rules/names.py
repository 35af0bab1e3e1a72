"""E9001: everything that has a name is named after its stack, and a function after its folder."""

from collections.abc import Iterator

from lint.bundle import Bundle, Finding, Function
from lint.rule import Rule
from lint.template import NAMES, Resource


class Names(Rule):
    id = "E9001"
    shortdesc = "Names follow the convention"
    description = "Other stacks, policies, tests and the local run know a thing by its name alone."

    def check(self, bundle: Bundle) -> Iterator[Finding]:
        for each in bundle.root.resources(*NAMES):
            yield from _named_after_stack(each, bundle.root.prefix)
        for function in bundle.functions:
            yield from _named_after_folder(function, bundle.root.prefix)


def _named_after_stack(each: Resource, stack: str) -> Iterator[Finding]:
    key = NAMES[each.kind]
    write = f'write {key}: !Sub "{_written(stack)}-..."'
    if key not in each.properties:
        yield Finding(each.where, f"{each.logical} has no name: {write}")
    elif stack not in each.name:
        yield Finding(each.at(key), f"{each.logical} is not named after its stack: {write}")


def _named_after_folder(function: Function, stack: str) -> Iterator[Finding]:
    folder = function.folder
    wanted = f"{stack}-{folder.replace('_', '-')}"
    if stack in function.name and function.name != wanted:
        write = f'write FunctionName: !Sub "{wanted.replace(stack, _written(stack))}"'
        yield Finding(function.at("FunctionName"), f"{function.logical} runs functions/{folder}: {write}")
    if function.properties.get("Handler") != f"{folder}_handler.handler":
        message = f"{function.logical} runs functions/{folder}: write Handler: {folder}_handler.handler"
        yield Finding(function.at("Handler"), message)


def _written(stack: str) -> str:
    return "${Name}" if stack == "{Name}" else "${AWS::StackName}"
