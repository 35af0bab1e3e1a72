"""infrastructure/cache.yaml, for both kinds of cache and through every turn of the password."""

from itertools import product

import pytest

from tests.bundle.stacks import Stack, nested, references

TEMPLATE = nested("cache")
TURNS = ("1", "2", "3", "4")
EVERY = pytest.mark.parametrize(("kind", "env", "turn"), list(product(("serverless", "nodes"), ("dev", "prod"), TURNS)))
CACHES = {"serverless": "AWS::ElastiCache::ServerlessCache", "nodes": "AWS::ElastiCache::ReplicationGroup"}
SERVICES_LONGEST_NAME = 40


def made(kind: str = "serverless", env: str = "dev", turn: str = "1") -> Stack:
    return Stack(TEMPLATE, Kind=kind, Env=env, PasswordTurn=turn)


def passwords(stack: Stack) -> list[str]:
    """The secrets of the user's passwords, the one in use first."""
    mode = stack.of("AWS::ElastiCache::User")["User"]["AuthenticationMode"]
    assert mode["Type"] == "password"
    for each in mode["Passwords"]:
        assert each["Fn::Sub"].startswith("{{resolve:secretsmanager:${")
        assert each["Fn::Sub"].endswith("}:SecretString:password}}")
    return [name for each in mode["Passwords"] for name in references(each)]


def makings(stack: Stack) -> dict[str, str]:
    """What a change of makes CloudFormation generate a password anew."""
    return {
        name: stack.value(each["GenerateSecretString"]["SecretStringTemplate"])
        for name, each in stack.of("AWS::SecretsManager::Secret").items()
    }


@EVERY
def test_nothing_refers_to_what_is_left_out(kind: str, env: str, turn: str) -> None:
    assert made(kind, env, turn).dangling() == set()


@EVERY
def test_there_is_one_cache_behind_the_one_group_with_the_one_user(kind: str, env: str, turn: str) -> None:
    stack = made(kind, env, turn)
    assert {each["Type"] for each in stack.resources.values()} & set(CACHES.values()) == {CACHES[kind]}
    ((name, cache),) = stack.of(CACHES[kind]).items()
    assert {*references(stack.outputs["Host"]), *references(stack.outputs["Port"])} == {name}
    assert set(references([cache.get("UserGroupId"), cache.get("UserGroupIds")])) == {"UserGroup"}
    assert stack.of("AWS::ElastiCache::UserGroup")["UserGroup"]["UserIds"] == [{"Ref": "User"}]
    user = stack.of("AWS::ElastiCache::User")["User"]
    assert user["UserName"] == stack.outputs["Username"]["Value"] != "default"
    assert cache["SecurityGroupIds"] == [{"Ref": "SecurityGroupId"}]
    assert {each["Engine"] for each in (cache, user, stack.of("AWS::ElastiCache::UserGroup")["UserGroup"])} == {
        "valkey"
    }


def test_nodes_are_three_in_several_zones_unless_said_otherwise_behind_tls() -> None:
    stack = made("nodes")
    group = stack.of(CACHES["nodes"])["ReplicationGroup"]
    assert (stack.value(group["CacheNodeType"]), stack.value(group["NumCacheClusters"])) == ("cache.r6g.xlarge", "3")
    assert TEMPLATE["Parameters"]["Nodes"]["MinValue"] == 2, "failover needs a replica"
    on = ("AutomaticFailoverEnabled", "MultiAZEnabled", "TransitEncryptionEnabled", "AtRestEncryptionEnabled")
    assert {name: group[name] for name in on} == dict.fromkeys(on, True)
    assert (group["TransitEncryptionMode"], group["ClusterMode"]) == ("required", "disabled")
    (parameters,) = stack.of("AWS::ElastiCache::ParameterGroup").values()
    assert parameters["Properties"]["maxmemory-policy"] == "volatile-lru"
    assert parameters["CacheParameterGroupFamily"] == f"valkey{group['EngineVersion'].partition('.')[0]}"


def test_a_serverless_cache_has_bounds_and_daily_snapshots() -> None:
    cache = made().of(CACHES["serverless"])["ServerlessCache"]
    assert set(cache["CacheUsageLimits"]) == {"DataStorage", "ECPUPerSecond"}
    assert all("Maximum" in each and "Minimum" not in each for each in cache["CacheUsageLimits"].values())
    assert made().value(cache["SnapshotRetentionLimit"]) >= 1


def test_names_fit_the_service_for_the_longest_stack_name() -> None:
    assert TEMPLATE["Parameters"]["Name"]["AllowedPattern"] == "[a-z][a-z0-9-]{0,29}"
    longest = Stack(TEMPLATE, Name="x" * 30)
    named = {
        CACHES["serverless"]: "ServerlessCacheName",
        CACHES["nodes"]: "ReplicationGroupId",
        "AWS::ElastiCache::User": "UserId",
        "AWS::ElastiCache::UserGroup": "UserGroupId",
    }
    found = [each for each in TEMPLATE["Resources"].values() if each["Type"] in named]
    names = [longest.value(each["Properties"][named[each["Type"]]]) for each in found]
    assert len(names) == len(named)
    assert max(map(len, names)) <= SERVICES_LONGEST_NAME


def test_passwords_are_made_of_what_elasticache_takes() -> None:
    for secret in made().of("AWS::SecretsManager::Secret").values():
        making = secret["GenerateSecretString"]
        assert 16 <= making["PasswordLength"] <= 128
        assert making["ExcludePunctuation"] is True
        assert making["GenerateStringKey"] == "password"


@pytest.mark.parametrize("turn", TURNS)
def test_a_turn_takes_a_new_password_and_leaves_the_old_one_valid(turn: str) -> None:
    after = TURNS[TURNS.index(turn) - len(TURNS) + 1]
    before, now = made(turn=turn), made(turn=after)
    (old, spare), used = passwords(before), passwords(now)
    assert used == [spare, old]
    renewed = {name for name, making in makings(now).items() if making != makings(before)[name]}
    assert renewed == {spare}
    assert list(references(now.outputs["PasswordSecretArn"])) == [spare]
