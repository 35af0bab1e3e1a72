"""One environment of the analyze function under steady load: a line of JSON per request, until its input closes."""

import json
import sys
import threading
import time

FUNCTION, KIND, NUMBER = sys.argv[1], sys.argv[2], int(sys.argv[3])
ADDRESSES = ("Rochester, MN 55901", "St. Paul, MN 55101", "Duluth, MN 55802", "New York, NY 10001")
PATH = "/api/v1/analyze"


def question(count):
    asked = {"address": ADDRESSES[count % len(ADDRESSES)]}
    if KIND == "uncached":
        asked["radius_miles"] = 0.5 + NUMBER * 5 + (count % 4999) / 1000
    return asked


def event(count):
    return {
        "version": "2.0",
        "routeKey": f"POST {PATH}",
        "rawPath": PATH,
        "rawQueryString": "",
        "headers": {"content-type": "application/json"},
        # An address of its own for each request, so that no limit is met.
        "requestContext": {
            "http": {
                "method": "POST",
                "path": PATH,
                "protocol": "HTTP/1.1",
                "sourceIp": f"10.{NUMBER}.{count // 250}.{count % 250}",
            },
            "stage": "$default",
        },
        "body": json.dumps(question(count)),
        "isBase64Encoded": False,
    }


def main():
    sys.path.insert(0, FUNCTION)
    import analyze_handler

    done = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), done.set()), daemon=True).start()
    count = 0
    while not done.is_set():
        started = time.perf_counter()
        answer = analyze_handler.handler(event(count), None)
        ms = (time.perf_counter() - started) * 1000
        body = json.loads(answer["body"])
        told = {"number": NUMBER, "at": time.time(), "status": answer["statusCode"], "ms": ms, "id": body.get("id")}
        print(json.dumps(told), file=sys.__stderr__, flush=True)
        count += 1
        time.sleep(0.005)


main()
