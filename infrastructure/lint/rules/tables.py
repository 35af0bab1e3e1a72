"""E9012: a table can be restored, forgets by itself, is encrypted and cannot be deleted by accident."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from lint.bundle import Bundle, Finding, truth
from lint.rule import Rule
from lint.template import TABLE

EXPIRY: Final = "expires_at"
_SWITCHES: Final = (
    (("PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled"), "cannot be restored"),
    (("SSESpecification", "SSEEnabled"), "is not encrypted with a key in KMS"),
    (("TimeToLiveSpecification", "Enabled"), "forgets nothing"),
)


class Tables(Rule):
    id = "E9012"
    shortdesc = "Tables have PITR, expiry, encryption and deletion protection"
    description = "Whether deletion is protected is decided by Env: a stack of a developer must be able to go."

    def check(self, bundle: Bundle) -> Iterator[Finding]:
        for table in bundle.root.resources(TABLE):
            for (outer, inner), lack in _SWITCHES:
                if not truth(table.properties.get(outer, {}).get(inner)):
                    yield Finding(table.at(outer), f"{table.logical} {lack}: write {outer}: {{{inner}: true}}")
            if table.properties.get("TimeToLiveSpecification", {}).get("AttributeName") != EXPIRY:
                message = (
                    f"{table.logical} does not expire by {EXPIRY}: "
                    f"write TimeToLiveSpecification: {{AttributeName: {EXPIRY}}}"
                )
                yield Finding(table.at("TimeToLiveSpecification"), message)
            if not _by_env(table.properties.get("DeletionProtectionEnabled")):
                message = (
                    f"{table.logical} is not protected from deletion by environment: "
                    "write DeletionProtectionEnabled: !FindInMap [ByEnv, !Ref Env, ProtectTables]"
                )
                yield Finding(table.at("DeletionProtectionEnabled"), message)


def _by_env(value: Any) -> bool:
    """Decided by a parameter, mapping or condition, not by a constant."""
    return isinstance(value, Mapping)
