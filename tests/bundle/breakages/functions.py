"""What a function itself can lack: name, tracing, alias, role, deadline, log group, alarm, sample event."""

from tests.bundle.breakages.change import OBSERVABILITY, Breakage, gone, put, without

OTHER_FOLDER = 'GreetFunction runs functions/hello: write FunctionName: !Sub "${AWS::StackName}-hello"'
NO_LOGS = "logs to /aws/lambda/{StackName}-greet, which no template makes: add an AWS::Logs::LogGroup of that name"
NO_ALARM = "has no alarm on its errors: add one beside it on Errors (AWS/Lambda)"
UNWATCHED = "GreetFunction's deployment watches no alarm on its errors: write DeploymentPreference.Alarms: [!Ref Greet"
LATE_ROUTE = "GreetFunction's route Greet does not end with its function: write TimeoutInMillis: 10000"
ROUTE = "GreetFunction/Events/Greet/Properties"
PARAMETER = {"Ref": "Env"}

BREAKAGES = [
    Breakage("E9001", "no name", without("LetterWriterFunction/FunctionName"), "has no name: write FunctionName"),
    Breakage("E9001", "a name of its own", put("LetterWriterFunction/FunctionName", "writer"), "named after its stack"),
    Breakage("E9001", "another folder's name", put("GreetFunction/CodeUri", "functions/hello"), OTHER_FOLDER),
    Breakage(
        "E9001",
        "another folder's handler",
        put("GreetFunction/Handler", "hello.handler"),
        "GreetFunction runs functions/greet: write Handler: greet_handler.handler",
    ),
    Breakage("E9002", "a function not traced", put("SweepFunction/Tracing", "PassThrough"), "write Tracing: Active"),
    Breakage("E9003", "a late function", put("GreetFunction/Timeout", 30), "write a Timeout of at most 29 (seconds)"),
    Breakage("E9003", "an unsaid timeout", put("GreetFunction/Timeout", PARAMETER), "write a Timeout of at most 29"),
    Breakage("E9003", "a late route", put(f"{ROUTE}/TimeoutInMillis", 29000), LATE_ROUTE),
    Breakage("E9003", "a route of no end", without(f"{ROUTE}/TimeoutInMillis"), LATE_ROUTE),
    Breakage("E9004", "no log group", gone("GreetLogs"), NO_LOGS, OBSERVABILITY),
    Breakage(
        "E9004",
        "a log group named after the nested stack",
        put("GreetLogs/LogGroupName", {"Fn::Sub": "/aws/lambda/${AWS::StackName}-greet"}),
        NO_LOGS,
        OBSERVABILITY,
    ),
    Breakage(
        "E9004",
        "logs for ever",
        without("GreetLogs/RetentionInDays"),
        "GreetLogs keeps its logs for ever: write RetentionInDays",
        OBSERVABILITY,
        OBSERVABILITY,
    ),
    Breakage("E9008", "no alarm", put("GreetErrorsAlarm/MetricName", "Throttles"), f"GreetFunction {NO_ALARM}"),
    Breakage(
        "E9008", "another's alarm", put("GreetErrorsAlarm/Dimensions/0/Value", "greet"), f"GreetFunction {NO_ALARM}"
    ),
    Breakage("E9008", "an unwatched alarm", put("GreetFunction/DeploymentPreference/Alarms", []), UNWATCHED),
    Breakage("E9008", "another alarm watched", put("GreetFunction/DeploymentPreference/Alarms/0", "x"), UNWATCHED),
    Breakage(
        "E9011",
        "no alias",
        put("LetterWriterFunction/AutoPublishAlias", "current"),
        "LetterWriterFunction publishes no version: write AutoPublishAlias: live",
    ),
    Breakage(
        "E9013",
        "no event for a route",
        None,
        "GreetFunction's route POST /greet has no sample event: add events/<name>.json with that routeKey",
        "events/greet.json",
    ),
    Breakage(
        "E9013",
        "no event for a worker",
        None,
        "LetterWriterFunction has no sample event: add events/letter_writer.json",
        "events/letter_writer.json",
    ),
    Breakage("E9015", "a shared role", put("SweepFunction/Role", "arn:x"), "write its Policies instead of Role"),
]
