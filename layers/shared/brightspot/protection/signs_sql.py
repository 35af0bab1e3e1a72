"""The signs of SQL injection: none of them is a word that streets are named after, by itself."""

from typing import Final

from brightspot.protection.sign import Sign

_QUOTE: Final = r"['\"`\u2018\u2019]"
_OBJECT: Final = "table|database|schema|view|index|user|column|procedure|trigger|function|login|role"

SQL_SIGNS: Final = (
    # 1 or 1=1, ' or 'a'='a, having 1>0: a comparison after a junction.
    Sign(
        "comparison",
        "sql_injection",
        5,
        ("=", "<", ">", "like"),
        (
            (
                rf"\b(?:or|and|xor|having|where)[\s(!~+-]{{0,4}}+(?:{_QUOTE}{{1,2}}+[\w.@]{{0,30}}+{_QUOTE}{{0,2}}+|[\w.@]{{1,30}}+)"
                rf"[)\s]{{0,3}}+(?:[=<>]|!=|r?like {_QUOTE})"
            ),
        ),
    ),
    Sign(
        "comparison_signs",
        "sql_injection",
        5,
        ("||", "&&"),
        (rf"(?:\|\||&&) ?+{_QUOTE}?+\w{{1,20}}+{_QUOTE}?+ ?+[=<>]",),
    ),
    Sign(
        "quoted_junction",
        "sql_injection",
        5,
        ("'", '"', "`", "\u2018", "\u2019"),
        (
            (
                rf"{_QUOTE}[)\s]{{0,3}}+(?:or|and|xor)[\s(]{{0,3}}+(?:\d{{1,9}}+ ?+(?:[=<>;#]|--|/\*|$)|"
                r"true\b|false\b|not \d|"
                rf"exists ?+\(|\(?+select\b|{_QUOTE}\w{{0,20}}+{_QUOTE}? ?+[=<>])"
            ),
        ),
    ),
    Sign(
        "quoted_comment",
        "sql_injection",
        5,
        ("'", '"', "\u2019"),
        (rf"{_QUOTE}[);\s]{{0,4}}+(?:--|/\*)|{_QUOTE}[)\s]{{0,3}}+[#;] ?+$",),
    ),
    Sign(
        "union_values",
        "sql_injection",
        5,
        ("union",),
        (
            (
                r"\bunion[\s(]{1,4}+(?:all |distinct )?+[\s(]{0,3}+select[\s(]{1,3}+"
                r"(?:null\b|\d{1,9}+ ?+(?:,|--|#|;|$)|['\"*@(]|[a-z_]{1,30}+\()"
            ),
        ),
    ),
    Sign(
        "union_from",
        "sql_injection",
        5,
        ("union",),
        (r"\bunion[\s(]{1,4}+(?:all |distinct )?+[\s(]{0,3}+select (?!from\b)[\w.*@(]", r"\bfrom [a-z_`\"\[]"),
    ),
    Sign(
        "select_from",
        "sql_injection",
        5,
        ("select",),
        (
            r"\bselect (?:distinct |all |top \d{1,4}+ )?+(?:\*|\w{1,30}+ ?+\(|@@)",
            r"(?:^|[\s)*])from [a-z_`\"\[]",
        ),
    ),
    Sign(
        "define",
        "sql_injection",
        5,
        (";", "'", '"', ")"),
        (rf"(?:;|{_QUOTE}|\)) ?+(?:drop|alter|create|truncate) (?:{_OBJECT})\b",),
    ),
    Sign(
        "define_alone",
        "sql_injection",
        4,
        ("table", "database"),
        (r"\b(?:drop|truncate|alter) (?:table|database) (?:if exists )?+[\w.`\"\[]{2,64}+ ?+(?:;|--|add\b|cascade)",),
    ),
    Sign(
        "write",
        "sql_injection",
        5,
        ("insert into", "delete from", "update "),
        (
            (
                r"\binsert into [\w.`\"\[\]]{1,64}+ ?+(?:\(|values\b|select\b)|"
                r"\bdelete from [\w.`\"\[\]]{1,64}+ ?+(?:;|--) ?+$|"
                r"\bupdate [\w.`\"\[\]]{1,64}+ set [\w.`\"\[\]]{1,64}+ ?+="
            ),
        ),
    ),
    Sign(
        "erase",
        "sql_injection",
        5,
        ("delete from",),
        (r"\bdelete from [\w.`\"\[\]]{1,64}+ where [\w.`\"\[\]]{1,64}+ ?+(?:[=<>]|in ?+\(|like ['\"])",),
    ),
    Sign(
        "stacked",
        "sql_injection",
        5,
        (";",),
        (
            (
                r"; ?+(?:exec(?:ute)?+ (?:xp_|sp_|master)|shutdown\b|declare @|"
                r"select (?:\*|\d|@@|[a-z_]{2,30}+\()|waitfor\b|"
                r"grant all\b)"
            ),
        ),
    ),
    Sign(
        "function",
        "sql_injection",
        5,
        ("(",),
        (
            (
                r"\b(?:sleep|benchmark|pg_sleep|load_file|extractvalue|updatexml|group_concat|randomblob|dbms_\w{2,20}+\.\w{2,20}+|"
                r"utl_http\.request|convert\(int) ?+\("
            ),
        ),
    ),
    Sign(
        "name",
        "sql_injection",
        5,
        ("schema", "xp_", "sysobjects", "sqlite_master", "pg_", "waitfor", "file", "@@"),
        (
            (
                r"information_schema|xp_(?:cmdshell|dirtree|regread)|sysobjects|sqlite_master|pg_(?:catalog|shadow|user)\b|"
                r"waitfor (?:delay|time)\b|into (?:out|dump)file\b|@@(?:version|datadir|hostname)"
            ),
        ),
    ),
)
