"""Every sign there is: what attacks of each category look like once decoded, and no address does."""

from typing import Final

from brightspot.protection.sign import Sign
from brightspot.protection.signs_sql import SQL_SIGNS

_MARKUP: Final = (
    "script|iframe|object|embed|applet|svg|math|img|image|video|audio|body|base|meta|link|style|form|input|details|"
    "marquee|template|textarea|button|select|frameset|xml|a|div|html"
)
_EVENTS: Final = (
    r"on(?:error|load|click|dblclick|focus|focusin|blur|change|input|submit|toggle|begin|end|start|finish|scroll|"
    r"wheel|copy|cut|paste|drag[a-z]{0,6}+|drop|key[a-z]{2,6}+|mouse[a-z]{2,6}+|pointer[a-z]{2,14}+|touch[a-z]{3,6}+|"
    r"animation[a-z]{3,9}+|transition[a-z]{3,6}+|hashchange|message|page[a-z]{4}|popstate|resize|unload|show|search)"
)
_XSS: Final = (
    Sign("tag", "xss", 5, ("<",), (rf"<[\s/]{{0,4}}+(?:{_MARKUP})(?:[\s/>\"']|$)",)),
    Sign("handler", "xss", 5, ("on",), (rf"[\s/\"'`]{_EVENTS} ?+= ?+[\w\"'`(&\\]",)),
    Sign("scheme", "xss", 5, ("script:", "data:text/"), (r"(?:java|vb|live)script:|data:text/html",), "compact"),
    Sign(
        "document",
        "xss",
        5,
        ("document", "window", "localstorage"),
        (
            (
                r"(?:document ?+\. ?+(?:cookie|domain|write|location)|"
                r"window ?+\. ?+(?:location|name|open)|localstorage ?+\.)"
            ),
        ),
    ),
    Sign(
        "call",
        "xss",
        4,
        ("(", "`"),
        (r"\b(?:alert|prompt|confirm|eval|atob|settimeout|setinterval|fromcharcode|expression) ?+[(`]",),
    ),
)

_FILES: Final = (
    r"/etc/(?:passwd|shadow|group|hosts|issue|ssh)|/proc/(?:self|version|\d)|system32|boot\.ini|win\.ini|"
    r"\.aws/credentials|\.git/(?:config|head)|\.ssh/|\.htpasswd|web-inf/|(?:^|/)\.env(?:$|[^a-z])"
)
_PATHS: Final = (
    Sign("climb", "path_traversal", 5, ("..",), (r"\.\.{1,3}+[\\/]",)),
    Sign("climb_overlong", "path_traversal", 5, ("%c0%a", "%e0%80%a", "%c1%9c"), (r"%(?:c0%a[ef]|e0%80%a[ef]|c1%9c)",)),
    Sign("climb_alone", "path_traversal", 5, ("/..", "\\.."), (r"[\\/]\.\.$",)),
    Sign("file", "path_traversal", 5, ("/", "32", ".ini", ".env", ".htpasswd"), (_FILES,)),
    Sign("file_scheme", "path_traversal", 5, ("file:/", "php:/", "gopher:/"), (r"\b(?:file|php|gopher):/{2,3}+",)),
)

_FIELDS: Final = (
    r"(?:set-cookie|location|refresh|host|content-(?:type|length|disposition|security-policy)|transfer-encoding|"
    r"access-control-[a-z-]{5,20}+|x-[a-z-]{3,30}+) ?+:"
)
_LINES: Final = (
    Sign("field", "crlf_injection", 5, ("\r", "\n"), (rf"[\r\n][ \t]{{0,4}}+{_FIELDS}",), "lines"),
    Sign("answer", "crlf_injection", 5, ("\r", "\n"), (r"[\r\n][ \t]{0,4}+http/\d",), "lines"),
)

_TEMPLATES: Final = (
    Sign("braces", "template_injection", 5, ("{{",), (r"\{\{[^{}]{0,80}+\}\}",)),
    Sign("braces_block", "template_injection", 5, ("{%",), (r"\{%[-+]?+ ?+[a-z]", r"%\}")),
    Sign("dollar", "template_injection", 5, ("${",), (r"\$\{[^{}]{1,80}+\}",)),
    Sign(
        "lookup",
        "template_injection",
        5,
        ("${",),
        (
            (
                r"\$\{ ?+(?:jndi|lower|upper|env|sys|date|ctx|java|main|"
                r"::-|\$\{)"
            ),
        ),
    ),
    Sign("hash", "template_injection", 5, ("#{",), (r"#\{[^{}]{1,80}+\}",)),
    Sign("percent", "template_injection", 5, ("<%",), (r"<%[=@#!-]?+ ?+\S", r"%>")),
    Sign(
        "dunder",
        "template_injection",
        5,
        ("__",),
        (
            (
                r"__(?:class|base|bases|mro|subclasses|globals|builtins|import|init|proto|definegetter|dict|"
                r"getattribute)__"
            ),
        ),
    ),
)

_COMMANDS: Final = (
    "whoami|uname|wget|curl|ncat|netcat|bash|zsh|powershell|chmod|chown|nslookup|ifconfig|ipconfig|systeminfo|"
    "tasklist|certutil|python3?+|passwd|hostname|netstat"
)
# Words that streets are named after: commands only with what follows a command.
_NATURAL: Final = (
    "cat|ls|id|ps|nc|sh|rm|ping|dig|echo|env|sleep|touch|type|dir|net|perl|ruby|php|python|cd|cp|mv|find|head|tail|"
    "more|less"
)
_SHELL: Final = (
    Sign(
        "command",
        "command_injection",
        5,
        (";", "|", "&&", "`", "$(", "\n"),
        (rf"(?:;|\||&&|`|\$\(|[\r\n]) ?+(?:{_COMMANDS})(?:\.exe)?+(?:[\s;|&`)<>]|$)",),
        "lines",
    ),
    Sign(
        "command_with_argument",
        "command_injection",
        5,
        (";", "|", "&", "`", "$("),
        (
            (
                rf"(?:;|\||&|`|\$\() ?+(?:{_COMMANDS}|{_NATURAL}) "
                r"(?:-[a-z-]|/[a-z]|~/|\.{1,2}+/|\$|https?+:|[a-z.]{1,40}+/)"
            ),
        ),
    ),
    Sign("substitution", "command_injection", 5, ("$(", "`"), (rf"(?:\$\(|`) ?+(?:{_COMMANDS}|{_NATURAL}) ?+[)`]",)),
    Sign(
        "pipe",
        "command_injection",
        5,
        ("|", "&&", ";"),
        (r"(?:\||&&|;) ?+(?:id|ls|ps|env|dir|sh|set) ?+(?:\||&&|;|#)|\|\|? ?+(?:ls|ps|env|dir|sh)$",),
    ),
    Sign(
        "shell",
        "command_injection",
        5,
        ("/bin", "/dev", "cmd", "shell", "() {"),
        (
            (
                r"/(?:usr/)?+bin/(?:bash|sh|zsh|dash|env|cat|id|ls|python|perl|nc)\b|/dev/(?:tcp|udp)/|/dev/null|"
                r"\bcmd(?:\.exe)?+ ?+/c|powershell(?:\.exe)?+ -|\(\) \{ ?+[:\w]"
            ),
        ),
    ),
    Sign(
        "download",
        "command_injection",
        5,
        ("wget", "curl"),
        (r"\b(?:wget|curl) (?:-{1,2}+[a-z]{1,20}+ )?+(?:https?+:|ftp:|-)",),
    ),
)

SIGNS: Final[tuple[Sign, ...]] = (*_XSS, *SQL_SIGNS, *_PATHS, *_LINES, *_TEMPLATES, *_SHELL)
