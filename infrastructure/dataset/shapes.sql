-- shapes.sqlite: the lines of states and counties for maps.
PRAGMA page_size = 4096;
PRAGMA encoding = 'UTF-8';

CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- Bounds are degrees * 10^4. Alaska's reach from -180 to 180, since it lies on both sides of the 180th meridian.
CREATE TABLE states (
  fips INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
  west INTEGER NOT NULL, south INTEGER NOT NULL, east INTEGER NOT NULL, north INTEGER NOT NULL
);

-- steps: [x, y, dx, dy, dx, dy, ...] as JSON, in degrees * 10^4, longitude first. is_border: on one side of it only lies
-- a county of this state.
CREATE TABLE lines (
  state INTEGER NOT NULL, line INTEGER NOT NULL, is_border INTEGER NOT NULL, steps TEXT NOT NULL,
  PRIMARY KEY (state, line)
) WITHOUT ROWID;

-- name: as places.sqlite shows it, NULL where it knows no such county; short_name: as the atlas has it. rings: lists of
-- line numbers as JSON; ~n is line n from its end to its start.
CREATE TABLE counties (
  fips INTEGER PRIMARY KEY, state INTEGER NOT NULL, name TEXT, short_name TEXT NOT NULL, rings TEXT NOT NULL
);
CREATE INDEX counties_by_state ON counties (state);
