"""What a process wires once from its environment, forgotten as another process would not know it."""

import sys

# What never depends on the environment, and takes long to make.
KEPT = {"shared_dataset", "shared_gazetteer", "_normal_form"}


def forget_wiring():
    for name, module in [*sys.modules.items()]:
        if name.startswith("brightspot."):
            for each in [*vars(module).values()]:
                if hasattr(each, "cache_clear") and each.__module__ == name and each.__name__ not in KEPT:
                    each.cache_clear()
