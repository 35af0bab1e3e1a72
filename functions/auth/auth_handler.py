"""auth_handler: /api/auth, accounts and their sessions, and GET /.well-known/jwks.json."""

from brightspot.http import Reuse, lambda_entry

handler = lambda_entry(
    "auth_routes",
    name="auth",
    needs={
        "GET /.well-known/jwks.json": "public",
        "POST /api/auth/signup": "public",
        "POST /api/auth/login": "public",
        "POST /api/auth/refresh": "public",
        "POST /api/auth/logout": "public",
        "POST /api/auth/token": "public",  # an API key is what it is asked with
        "GET": "user",
        "POST": "user",
        "DELETE": "user",
    },
    reuse=Reuse("no-store", tagged=False),  # no browser's disk shall have what belongs to an account
    limits={
        "POST /api/auth/signup": "signup",
        "POST /api/auth/login": "login",
        "POST /api/auth/password": "login",  # it asks for the password, too
    },
)
