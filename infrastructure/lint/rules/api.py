"""E9014: an API has an outer wall and writes down who called it."""

from collections.abc import Iterator

from lint.bundle import Bundle, Finding
from lint.rule import Rule
from lint.template import HTTP_API


class Api(Rule):
    id = "E9014"
    shortdesc = "APIs are throttled and write access logs"
    description = "The gateway's throttling is the outer wall; our own limits stand inside the functions."

    def check(self, bundle: Bundle) -> Iterator[Finding]:
        for api in bundle.root.resources(HTTP_API):
            limits = api.properties.get("DefaultRouteSettings", {})
            if not {"ThrottlingBurstLimit", "ThrottlingRateLimit"} <= limits.keys():
                message = (
                    f"{api.logical} has no outer limit: "
                    "write DefaultRouteSettings with ThrottlingBurstLimit and ThrottlingRateLimit"
                )
                yield Finding(api.at("DefaultRouteSettings"), message)
            if not {"DestinationArn", "Format"} <= api.properties.get("AccessLogSettings", {}).keys():
                message = f"{api.logical} writes no access log: write AccessLogSettings with DestinationArn and Format"
                yield Finding(api.at("AccessLogSettings"), message)
