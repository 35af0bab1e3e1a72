"""What an answer tells of a live source."""


def way(answer, source="overpass"):
    return answer["performance"]["live"][source]["way"]
