"""What tables, the API, alarms and nested stacks can lack."""

from tests.bundle.breakages.change import DATA, OBSERVABILITY, Breakage, put, without

TABLE = "GuestsTable"
PITR = "PointInTimeRecoverySpecification"
TTL = "TimeToLiveSpecification"
UNPROTECTED = "GuestsTable is not protected from deletion by environment: write DeletionProtectionEnabled: !FindInMap"

BREAKAGES = [
    Breakage(
        "E9001",
        "a table of another name",
        put(f"{TABLE}/TableName", "guests"),
        'GuestsTable is not named after its stack: write TableName: !Sub "${Name}-..."',
        DATA,
        DATA,
    ),
    Breakage(
        "E9012", "no way back", without(f"{TABLE}/{PITR}"), f"GuestsTable cannot be restored: write {PITR}", DATA, DATA
    ),
    Breakage("E9012", "a way back shut", put(f"{TABLE}/{PITR}/PointInTimeRecoveryEnabled", False), PITR, DATA, DATA),
    Breakage("E9012", "a table in clear", without(f"{TABLE}/SSESpecification"), "write SSESpecification", DATA, DATA),
    Breakage("E9012", "no expiry", put(f"{TABLE}/{TTL}/Enabled", False), "GuestsTable forgets nothing", DATA, DATA),
    Breakage(
        "E9012",
        "another expiry",
        put(f"{TABLE}/{TTL}/AttributeName", "ttl"),
        "does not expire by expires_at",
        DATA,
        DATA,
    ),
    Breakage("E9012", "no protection", without(f"{TABLE}/DeletionProtectionEnabled"), UNPROTECTED, DATA, DATA),
    Breakage("E9012", "protection anywhere", put(f"{TABLE}/DeletionProtectionEnabled", True), UNPROTECTED, DATA, DATA),
    Breakage(
        "E9014",
        "no outer wall",
        without("Api/DefaultRouteSettings/ThrottlingBurstLimit"),
        "Api has no outer limit: write DefaultRouteSettings with ThrottlingBurstLimit and ThrottlingRateLimit",
    ),
    Breakage(
        "E9014", "no access log", without("Api/AccessLogSettings"), "Api writes no access log: write AccessLogSettings"
    ),
    Breakage("E9016", "a mute alarm", without("GreetErrorsAlarm/AlarmActions"), "GreetErrorsAlarm tells nobody"),
    Breakage(
        "E9016",
        "an alarm that is unclear about silence",
        without("LettersDeadLettersAlarm/TreatMissingData"),
        "LettersDeadLettersAlarm does not say what silence means: write TreatMissingData",
        OBSERVABILITY,
        OBSERVABILITY,
    ),
    Breakage(
        "E0002", "a nested stack that is not there", put("Data/TemplateURL", "nowhere.yaml"), "nowhere.yaml is nested"
    ),
]
