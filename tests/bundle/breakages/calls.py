"""What a queue, a schedule and their dead letters can lack."""

from tests.bundle.breakages.change import OBSERVABILITY, Breakage, gone, put, without

FEED = "LetterWriterFunction/Events/Letters/Properties"
DAILY = "SweepFunction/Events/Daily/Properties"
ELSEWHERE = "arn:aws:sqs:us-east-1:123456789012:elsewhere"
NEVER_GIVES_UP = "LettersQueue never gives up on a message: write RedrivePolicy with maxReceiveCount"
UNTOLD = "LettersDeadLetters holds dead letters and nobody is told: add an alarm on ApproximateNumberOfMessagesVisible"
LOST = "SweepFunction's ScheduleV2 Daily loses what it cannot hand over: write DeadLetterConfig"
FAILED = "SweepFunction is called asynchronously and its failures are lost: write EventInvokeConfig"
WEEKLY_LOST = "WeeklySweep loses what it cannot hand over: write Target.DeadLetterConfig"
HIDDEN = "LettersQueue hides a message for less than LetterWriterFunction may need: write VisibilityTimeout: 120"
ALARM = "LettersDeadLettersAlarm"

BREAKAGES = [
    Breakage("E9005", "shown again too soon", put("LettersQueue/VisibilityTimeout", 119), HIDDEN),
    Breakage("E9005", "shown again as SQS likes", without("LettersQueue/VisibilityTimeout"), HIDDEN),
    Breakage("E9005", "tries without end", without("LettersQueue/RedrivePolicy/maxReceiveCount"), NEVER_GIVES_UP),
    Breakage(
        "E9005", "letters elsewhere", put("LettersQueue/RedrivePolicy/deadLetterTargetArn", ELSEWHERE), NEVER_GIVES_UP
    ),
    Breakage("E9005", "no queue", put(f"{FEED}/Queue", ELSEWHERE), "is fed by elsewhere, which no template makes"),
    Breakage(
        "E9005",
        "letters that go first",
        put("LettersDeadLetters/MessageRetentionPeriod", 86400),
        "LettersDeadLetters forgets before LettersQueue does",
    ),
    Breakage("E9006", "letters nobody counts", gone(ALARM), UNTOLD, OBSERVABILITY),
    Breakage("E9006", "letters counted late", put(f"{ALARM}/Threshold", 10), UNTOLD, OBSERVABILITY),
    Breakage("E9006", "others' letters counted", put(f"{ALARM}/Dimensions/0/Value", "x"), UNTOLD, OBSERVABILITY),
    Breakage(
        "E9006",
        "a schedule's letters nobody counts",
        gone("SweepDeadLettersAlarm"),
        "SweepDeadLetters holds dead letters and nobody is told",
        OBSERVABILITY,
    ),
    Breakage("E9007", "a schedule without letters", without(f"{DAILY}/DeadLetterConfig"), LOST),
    Breakage("E9007", "a schedule without tries", without(f"{DAILY}/RetryPolicy"), LOST),
    Breakage("E9007", "failures lost", without("SweepFunction/EventInvokeConfig/DestinationConfig"), FAILED),
    Breakage(
        "E9007",
        "failures tried as Lambda likes",
        without("SweepFunction/EventInvokeConfig/MaximumRetryAttempts"),
        FAILED,
    ),
    Breakage("E9007", "a schedule apart without letters", without("WeeklySweep/Target/DeadLetterConfig"), WEEKLY_LOST),
    Breakage("E9007", "a schedule apart without tries", without("WeeklySweep/Target/RetryPolicy"), WEEKLY_LOST),
    Breakage(
        "E9010",
        "a batch that fails as one",
        without(f"{FEED}/FunctionResponseTypes"),
        "fails a whole batch for one message: write FunctionResponseTypes: [ReportBatchItemFailures]",
    ),
    Breakage(
        "E9010",
        "a worker without bound",
        without(f"{FEED}/ScalingConfig"),
        "LetterWriterFunction is not bounded: write ScalingConfig: {MaximumConcurrency: 2}",
    ),
    Breakage(
        "E9017", "a queue in clear", put("LettersQueue/SqsManagedSseEnabled", False), "write SqsManagedSseEnabled: true"
    ),
]
