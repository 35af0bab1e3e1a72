"""auth_routes: signing up, logging in, and what belongs to a login."""

from typing import Annotated, Any, Literal

from fastapi import Header, Path, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from brightspot import identity
from brightspot.http.idempotency import LEAST_OF_SECRETS, LONGEST_KEY
from brightspot.http.idempotency import idempotency_key as read_idempotency_key
from brightspot.http.routes import described, new_router

router = new_router("accounts")

_MOST_TEXT = 1024  # a body's text; what it may be is the domain's to say
# Described here; what does not look so is refused like any other key that is not ours.
_KEY_SHAPE: dict[str, Any] = {"pattern": "^bs_[0-7][0-9A-HJKMNP-TV-Z]{25}[A-Za-z0-9_-]{43}$"}


class Credentials(BaseModel):
    """Who logs in, or signs up."""

    model_config = ConfigDict(extra="forbid", strict=True)

    email: str = Field(max_length=_MOST_TEXT, description="An address as in ada@example.org; case does not matter.")
    password: str = Field(max_length=_MOST_TEXT, description="12 to 256 characters of any kind, for a new account.")


class RefreshBody(BaseModel):
    """The refresh token of a session."""

    model_config = ConfigDict(extra="forbid", strict=True)

    refresh_token: str = Field(max_length=_MOST_TEXT, description="The newest one that this session was given.")


class PasswordBody(BaseModel):
    """The password as it is, and as it is to be."""

    model_config = ConfigDict(extra="forbid", strict=True)

    current_password: str = Field(max_length=_MOST_TEXT, description="The password that the account has.")
    new_password: str = Field(max_length=_MOST_TEXT, description="12 to 256 characters of any kind.")


class KeyBody(BaseModel):
    """What a new API key is for, what it may do, and for how long."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: str = Field(max_length=_MOST_TEXT, description="What the key is for, in 100 characters.")
    scopes: list[Literal["read", "write", "admin"]] = Field(
        max_length=3, description="What it may do: no more than you may."
    )
    expires_in_days: int = Field(default=90, ge=1, le=identity.MOST_DAYS, description="Days until it expires.")


_Idempotency = Annotated[
    str | None,
    Header(
        description=f"{LEAST_OF_SECRETS} to {LONGEST_KEY} characters, new for each request, such as a UUID: who sends "
        "the same again within a day is given the same answer, and nothing is made twice."
    ),
]
UserAgent = Annotated[str | None, Header(include_in_schema=False)]


@router.post(
    "/api/auth/signup",
    summary="Make an account",
    status_code=201,
    responses=described(identity.Tokens, 400, 409, 415, 422, 429, 503, status=201),
)
def sign_up(body: Credentials, user_agent: UserAgent = None, idempotency_key: _Idempotency = None) -> Any:
    """A new account, which may read and write, and its first session."""
    once = read_idempotency_key(idempotency_key, LEAST_OF_SECRETS)
    return _json(identity.identity().accounts.sign_up(body.email, body.password, user_agent, once), 201)


@router.post("/api/auth/login", summary="Log in", responses=described(identity.Tokens, 400, 401, 415, 422, 429, 503))
def log_in(body: Credentials, request: Request, user_agent: UserAgent = None) -> Any:
    """A new session: an access token for each request, and a refresh token for the next pair of both."""
    return _json(identity.identity().accounts.log_in(body.email, body.password, user_agent, request.state.client))


@router.post(
    "/api/auth/refresh",
    summary="Get the next pair of tokens",
    responses=described(identity.Tokens, 400, 401, 415, 422, 429, 503),
)
def refresh(body: RefreshBody) -> Any:
    """Each refresh token works once. One that is sent again later than 30 seconds after ends its session."""
    return _json(identity.identity().login.refresh(body.refresh_token))


@router.post(
    "/api/auth/logout",
    summary="Log out",
    responses=described(identity.SessionsEnded, 400, 415, 422, 429, 503),
)
def log_out(body: RefreshBody) -> Any:
    """End the session of a refresh token. One that is not accepted ends none, and that is no error."""
    return _json(identity.identity().login.log_out(body.refresh_token))


@router.get("/api/auth/me", summary="Who I am", responses=described(identity.AccountView, 401, 404, 429, 503))
def me(request: Request) -> Any:
    """The account that the access token stands for."""
    return _json(identity.identity().accounts.me(request.state.caller))


@router.post(
    "/api/auth/password",
    summary="Change my password",
    responses=described(identity.SessionsEnded, 400, 401, 404, 409, 415, 422, 429, 503),
)
def change_password(body: PasswordBody, request: Request) -> Any:
    """Another password; all sessions but this one are ended."""
    accounts = identity.identity().accounts
    state = request.state
    return _json(accounts.change_password(state.caller, body.current_password, body.new_password, state.client))


@router.get("/api/auth/sessions", summary="My open sessions", responses=described(identity.SessionList, 401, 429, 503))
def sessions(request: Request) -> Any:
    """Every login that has neither ended nor expired, newest first."""
    return _json(identity.identity().login.sessions(request.state.caller))


@router.delete(
    "/api/auth/sessions/{id}",
    summary="End one of my sessions",
    responses=described(identity.SessionsEnded, 401, 404, 422, 429, 503),
)
def end_session(
    session_id: Annotated[str, Path(alias="id", pattern=identity.ID_PATTERN, description="The `id` of the session.")],
    request: Request,
) -> Any:
    """Its refresh token is not accepted any more, nor are its access tokens where instances share a store."""
    return _json(identity.identity().login.end(request.state.caller, session_id))


@router.post(
    "/api/auth/keys",
    summary="Make an API key",
    status_code=201,
    responses=described(identity.NewKey, 400, 401, 403, 404, 409, 415, 422, 429, 503, status=201),
)
def create_key(body: KeyBody, request: Request, idempotency_key: _Idempotency = None) -> Any:
    """A key for a machine, to be sent as `X-Api-Key` instead of an access token. It is shown this once."""
    once = read_idempotency_key(idempotency_key, LEAST_OF_SECRETS)
    machines = identity.identity().machines
    return _json(machines.create(request.state.caller, body.name, tuple(body.scopes), body.expires_in_days, once), 201)


@router.get("/api/auth/keys", summary="My API keys", responses=described(identity.KeyList, 401, 429, 503))
def list_keys(request: Request) -> Any:
    """Every key that has neither ended nor expired, newest first."""
    return _json(identity.identity().machines.listed(request.state.caller))


@router.delete(
    "/api/auth/keys/{id}",
    summary="End one of my API keys",
    responses=described(identity.KeysEnded, 401, 404, 422, 429, 503),
)
def end_key(
    key_id: Annotated[str, Path(alias="id", pattern=identity.ID_PATTERN, description="The `id` of the key.")],
    request: Request,
) -> Any:
    """It is not accepted any more, nor are its access tokens where instances share a store."""
    return _json(identity.identity().machines.end(request.state.caller, key_id))


@router.post(
    "/api/auth/token",
    summary="Change an API key for an access token",
    responses=described(identity.AccessToken, 400, 401, 415, 422, 429, 503),
)
def token(
    x_api_key: Annotated[str | None, Header(description="The key.", json_schema_extra=_KEY_SHAPE)] = None,
    authorization: Annotated[str | None, Header(include_in_schema=False)] = None,
) -> Any:
    """An access token of 15 minutes. The key is sent as `X-Api-Key`, or as `Authorization: Bearer bs_...`."""
    sent = x_api_key or (authorization or "").partition(" ")[2]
    return _json(identity.identity().machines.token(sent))


@router.get(
    "/.well-known/jwks.json",
    summary="The keys that access tokens are checked with",
    responses=described(identity.KeySet, 429),
)
def key_set() -> Any:
    """Public keys only (RFC 7517): whoever is given our tokens can check them."""
    return _json(identity.published_keys())


def _json(told: Any, status: int = 200) -> Response:
    return Response(identity.encode(told), status, media_type="application/json")
