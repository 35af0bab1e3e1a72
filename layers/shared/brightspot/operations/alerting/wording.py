"""A rule's condition in words, for people and for docs/alerts.md."""

from brightspot.operations.alerting.rule import Burn, Rule, Share, Threshold


def worded(rule: Rule) -> str:
    """One line, such as `healthy` below 1 in 2 of 3 looks of a minute."""
    match rule.condition:
        case Threshold(metric, comparison, bound, minutes):
            text = f"`{metric.exposed}` {comparison} {bound:g} {_often(rule, minutes)}"
        case Share(part, rest, comparison, bound, minutes, least):
            whole = f"`{part.exposed}` and `{rest.exposed}` together"
            text = f"`{part.exposed}` {comparison} {bound:.0%} of {whole} (at least {least}) {_often(rule, minutes)}"
        case Burn(objective, burn):
            windows = " and ".join(f"{each.total_seconds() / 3600:g} h" for each in (burn.long, burn.short))
            text = f"the budget of `{objective}` burns over {burn.factor:g} times too fast, over {windows}"
        case letters:
            text = f"messages in the dead letters of `{letters.queue}`; CloudWatch alone looks"
    return f"{text}; no figures count too" if rule.unseen == "fault" else text


def _often(rule: Rule, minutes: int) -> str:
    length = "a minute" if minutes == 1 else f"{minutes} minutes"
    return f"in {length}" if rule.looks == 1 else f"in {rule.bad} of {rule.looks} looks of {length}"
