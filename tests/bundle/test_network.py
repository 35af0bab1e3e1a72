"""infrastructure/network.yaml, under every choice of egress, zones and environment."""

from copy import deepcopy
from ipaddress import IPv4Network
from itertools import product
from typing import Any

import pytest

from tests.bundle.stacks import Stack, nested, references

TEMPLATE = nested("network")
CHOICES = list(product(("none", "nat", "ipv6"), ("2", "3"), ("dev", "staging", "prod")))
EVERY = pytest.mark.parametrize(("egress", "zones", "env"), CHOICES)
UNTAGGABLE = {
    "AWS::EC2::Route",
    "AWS::EC2::SecurityGroupEgress",
    "AWS::EC2::SubnetCidrBlock",
    "AWS::EC2::SubnetRouteTableAssociation",
    "AWS::EC2::VPCCidrBlock",
    "AWS::EC2::VPCGatewayAttachment",
}


def made(egress: str, zones: str, env: str, template: dict[str, Any] = TEMPLATE) -> Stack:
    return Stack(template, Egress=egress, Zones=zones, Env=env)


def changed(name: str, **properties: Any) -> dict[str, Any]:
    """The template with one resource changed, as a careless hand would."""
    template = deepcopy(TEMPLATE)
    template["Resources"][name].setdefault("Properties", {}).update(properties)
    return template


def private(stack: Stack) -> dict[str, Any]:
    return {name: each for name, each in stack.of("AWS::EC2::Subnet").items() if name.startswith("Private")}


def table_of(stack: Stack, subnet: str) -> str:
    (table,) = (
        each["RouteTableId"]["Ref"]
        for each in stack.of("AWS::EC2::SubnetRouteTableAssociation").values()
        if each["SubnetId"]["Ref"] == subnet
    )
    return str(table)


def ways_out(stack: Stack, subnet: str) -> dict[str, str]:
    """Where each default route of a subnet leads, by destination."""
    return {
        route.get("DestinationCidrBlock") or route["DestinationIpv6CidrBlock"]: target
        for route in stack.of("AWS::EC2::Route").values()
        if route["RouteTableId"]["Ref"] == table_of(stack, subnet)
        for target in references({name: each for name, each in route.items() if name != "RouteTableId"})
    }


def zone(subnet: dict[str, Any]) -> int:
    return int(subnet["AvailabilityZone"]["Fn::Select"][0])


def block(subnet: dict[str, Any]) -> IPv4Network:
    at, cidr = subnet["CidrBlock"]["Fn::Select"]
    whole, count, bits = cidr["Fn::Cidr"]
    assert at < count
    network = IPv4Network(TEMPLATE["Parameters"][whole["Ref"]]["Default"])
    return list(network.subnets(new_prefix=32 - bits))[at]


def let_in(stack: Stack) -> list[dict[str, Any]]:
    """Every rule that lets traffic in, wherever it is written."""
    rules = [
        rule for group in stack.of("AWS::EC2::SecurityGroup").values() for rule in group.get("SecurityGroupIngress", [])
    ]
    return rules + list(stack.of("AWS::EC2::SecurityGroupIngress").values())


@EVERY
def test_nothing_refers_to_what_is_left_out(egress: str, zones: str, env: str) -> None:
    assert made(egress, zones, env).dangling() == set()


def test_a_reference_to_what_is_left_out_would_be_found() -> None:
    template = changed("NatWayOutB")
    del template["Resources"]["NatWayOutB"]["Condition"]
    assert made("none", "2", "dev", template).dangling() == {"NatWayOutB -> NatGatewayA"}
    assert made("none", "2", "dev", changed("Vpc", CidrBlock={"Ref": "Nobody"})).dangling() == {"Vpc -> Nobody"}
    depends = changed("Vpc")
    depends["Resources"]["Vpc"]["DependsOn"] = ["Ipv6Gateway"]
    assert made("nat", "2", "dev", depends).dangling() == {"Vpc -> Ipv6Gateway"}
    for egress in ("nat", "ipv6"):
        ternary = changed("Vpc", CidrBlock={"Fn::If": ["Nat", {"Ref": "NatGatewayC"}, {"Ref": "Ipv6Gateway"}]})
        assert made(egress, "2", "prod", ternary).dangling() == ({"Vpc -> NatGatewayC"} if egress == "nat" else set())


@EVERY
def test_each_zone_has_one_private_subnet_with_routes_of_its_own(egress: str, zones: str, env: str) -> None:
    stack = made(egress, zones, env)
    subnets = private(stack)
    assert sorted(zone(each) for each in subnets.values()) == list(range(int(zones)))
    assert len({table_of(stack, name) for name in subnets}) == len(subnets)
    assert set(references(stack.outputs["SubnetIds"])) == set(subnets)


@EVERY
def test_subnets_are_separate_parts_of_the_network(egress: str, zones: str, env: str) -> None:
    stack = made(egress, zones, env)
    blocks = [block(each) for each in stack.of("AWS::EC2::Subnet").values()]
    assert all(each.subnet_of(IPv4Network(TEMPLATE["Parameters"]["VpcCidr"]["Default"])) for each in blocks)
    assert len(set(blocks)) == len(blocks)


@EVERY
def test_functions_have_the_way_out_that_was_chosen_and_no_other(egress: str, zones: str, env: str) -> None:
    stack = made(egress, zones, env)
    gateways, subnets = stack.of("AWS::EC2::NatGateway"), stack.of("AWS::EC2::Subnet")
    for name, subnet in private(stack).items():
        ways = ways_out(stack, name)
        if egress == "nat":
            assert set(ways) == {"0.0.0.0/0"}
            public = gateways[ways["0.0.0.0/0"]]["SubnetId"]["Ref"]
            assert ways_out(stack, public) == {"0.0.0.0/0": "InternetGateway"}
            assert zone(subnets[public]) == (zone(subnet) if env == "prod" else 0)
        else:
            assert ways == ({"::/0": "Ipv6Gateway"} if egress == "ipv6" else {})
    assert len(gateways) == (0 if egress != "nat" else int(zones) if env == "prod" else 1)


@EVERY
def test_what_costs_or_opens_is_made_for_its_egress_alone(egress: str, zones: str, env: str) -> None:
    kinds = {each["Type"] for each in made(egress, zones, env).resources.values()}
    for_nat = {"AWS::EC2::NatGateway", "AWS::EC2::EIP", "AWS::EC2::InternetGateway", "AWS::EC2::VPCGatewayAttachment"}
    for_ipv6 = {"AWS::EC2::EgressOnlyInternetGateway", "AWS::EC2::VPCCidrBlock", "AWS::EC2::SubnetCidrBlock"}
    assert kinds & (for_nat | for_ipv6) == {"nat": for_nat, "ipv6": for_ipv6, "none": set()}[egress]


@pytest.mark.parametrize("zones", ["2", "3"])
def test_with_ipv6_every_private_subnet_has_both_kinds_of_address(zones: str) -> None:
    stack = made("ipv6", zones, "dev")
    given = stack.of("AWS::EC2::SubnetCidrBlock")
    assert {each["SubnetId"]["Ref"] for each in given.values()} == set(private(stack))
    assert {each["Ipv6CidrBlock"]["Fn::Select"][0] for each in given.values()} == set(range(int(zones)))
    assert all(stack.resources[name]["DependsOn"] == "Ipv6Block" for name in given)


@EVERY
def test_nobody_is_let_in_but_functions(egress: str, zones: str, env: str) -> None:
    rules = let_in(made(egress, zones, env))
    assert {str(set(rule) & {"CidrIp", "CidrIpv6", "SourcePrefixListId"}) for rule in rules} == {"set()"}
    assert {rule["SourceSecurityGroupId"]["Ref"] for rule in rules} == {"FunctionSecurityGroup"}
    assert {(rule["IpProtocol"], rule["FromPort"], rule["ToPort"]) for rule in rules} <= {
        ("tcp", 6379, 6379),
        ("tcp", 443, 443),
    }


def test_a_group_that_lets_anybody_in_would_be_found() -> None:
    anybody = {"IpProtocol": "tcp", "FromPort": 6379, "ToPort": 6379, "CidrIp": "0.0.0.0/0"}
    inline = made("none", "2", "dev", changed("CacheSecurityGroup", SecurityGroupIngress=[anybody]))
    assert anybody in let_in(inline)
    template = deepcopy(TEMPLATE)
    template["Resources"]["Hole"] = {"Type": "AWS::EC2::SecurityGroupIngress", "Properties": anybody}
    assert anybody in let_in(made("none", "2", "dev", template))


@EVERY
def test_cache_and_endpoints_call_nobody_and_functions_only_https_and_valkey(egress: str, zones: str, env: str) -> None:
    stack = made(egress, zones, env)
    functions = stack.of("AWS::EC2::SecurityGroup")["FunctionSecurityGroup"]
    for name, group in stack.of("AWS::EC2::SecurityGroup").items():
        if name != "FunctionSecurityGroup":
            (nowhere,) = group["SecurityGroupEgress"]
            assert nowhere["CidrIp"] == "127.0.0.1/32"
    more = list(stack.of("AWS::EC2::SecurityGroupEgress").values())
    assert {rule["GroupId"]["Ref"] for rule in more} == {"FunctionSecurityGroup"}
    called = {
        (rule.get("CidrIp") or rule.get("CidrIpv6") or rule["DestinationSecurityGroupId"]["Ref"], rule["ToPort"])
        for rule in [*functions["SecurityGroupEgress"], *more]
    }
    over_ipv6 = {("::/0", 443)} if egress == "ipv6" else set()
    assert called == {("0.0.0.0/0", 443), ("CacheSecurityGroup", 6379)} | over_ipv6
    assert "SecurityGroupIngress" not in functions


@EVERY
def test_aws_is_reached_by_endpoints_where_there_is_no_other_way(egress: str, zones: str, env: str) -> None:
    stack = made(egress, zones, env)
    endpoints = {
        each["ServiceName"]["Fn::Sub"].rpartition(".")[2]: each for each in stack.of("AWS::EC2::VPCEndpoint").values()
    }
    interfaces = {"none": {"scheduler", "sqs", "xray"}, "ipv6": {"xray"}, "nat": set()}[egress]
    assert set(endpoints) == {"dynamodb", "s3"} | interfaces
    for service, each in endpoints.items():
        if service in interfaces:
            assert (each["VpcEndpointType"], each["PrivateDnsEnabled"]) == ("Interface", True)
            assert set(references(each["SubnetIds"])) == set(private(stack))
            assert each["SecurityGroupIds"] == [{"Ref": "EndpointSecurityGroup"}]
        else:
            assert each["VpcEndpointType"] == "Gateway"
            assert set(references(each["RouteTableIds"])) == {table_of(stack, name) for name in private(stack)}


@pytest.mark.parametrize(("egress", "made_for"), [("none", True), ("ipv6", True), ("nat", False)])
def test_the_secret_of_the_keys_has_a_way_of_its_own_where_it_is_set(egress: str, made_for: bool) -> None:
    arn = "arn:aws:secretsmanager:us-east-1:000000000000:secret:keys-AbCdEf"
    with_secret = Stack(TEMPLATE, Egress=egress, Zones="2", Env="prod", SigningKeysSecretArn=arn)
    assert ("SecretsEndpoint" in with_secret.resources) is made_for
    assert "SecretsEndpoint" not in made(egress, "2", "prod").resources
    assert with_secret.dangling() == set()


@pytest.mark.parametrize("service", ["DynamoDbEndpoint", "S3Endpoint", "SqsEndpoint"])
def test_an_endpoint_leads_to_this_stacks_resources_alone(service: str) -> None:
    (statement,) = TEMPLATE["Resources"][service]["Properties"]["PolicyDocument"]["Statement"]
    assert statement["Resource"]["Fn::Sub"].endswith("${Name}-*")


def test_the_endpoint_of_schedules_leads_to_this_stacks_own_and_lists_names() -> None:
    own, listing = TEMPLATE["Resources"]["SchedulerEndpoint"]["Properties"]["PolicyDocument"]["Statement"]
    assert own["Resource"]["Fn::Sub"].endswith(":schedule/${Name}-*")
    assert listing["Action"] == "scheduler:ListSchedules"


@EVERY
def test_whatever_can_be_tagged_says_its_environment(egress: str, zones: str, env: str) -> None:
    for name, each in made(egress, zones, env).resources.items():
        if each["Type"] not in UNTAGGABLE:
            assert {"Key": "Environment", "Value": {"Ref": "Env"}} in each["Properties"]["Tags"], name


def test_the_log_of_what_was_refused_is_kept_as_long_as_other_logs() -> None:
    others = nested("observability")["Mappings"]["ByEnv"]
    for env, ours in TEMPLATE["Mappings"]["ByEnv"].items():
        assert ours["LogRetentionDays"] == others[env]["LogRetentionDays"]
