"""Commands of `brightspot`: each module adds its own arguments and loads what it needs when it runs."""
