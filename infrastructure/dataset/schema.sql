-- The fixed part of places.sqlite; the columns of the *_values tables come from tables/fields.csv.
PRAGMA page_size = 4096;
PRAGMA encoding = 'UTF-8';

CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE sources (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, publisher TEXT NOT NULL, vintage TEXT NOT NULL,
  licence TEXT NOT NULL, credit TEXT NOT NULL, package TEXT NOT NULL, caveat TEXT
) WITHOUT ROWID;

-- A stored value is round(value * 10^decimals) or NULL, never a filler. Bounds are stored values too.
CREATE TABLE fields (
  name TEXT PRIMARY KEY, level TEXT NOT NULL, unit TEXT NOT NULL, decimals INTEGER NOT NULL, kind TEXT NOT NULL,
  source TEXT NOT NULL REFERENCES sources (id), vintage TEXT NOT NULL, description TEXT NOT NULL, caveat TEXT,
  lower_bound INTEGER, upper_bound INTEGER
);

CREATE TABLE states (code TEXT PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE counties (fips INTEGER PRIMARY KEY, name TEXT NOT NULL, state TEXT NOT NULL);
CREATE TABLE metros (area INTEGER PRIMARY KEY, name TEXT NOT NULL, level TEXT NOT NULL);

-- lat, lon: degrees * 10^5. reach, host_miles: miles * 100. NULL is unknown everywhere.
CREATE TABLE zips (
  zip INTEGER PRIMARY KEY, state TEXT, city TEXT, city_key TEXT, kind TEXT NOT NULL, lat INTEGER, lon INTEGER,
  population INTEGER, reach INTEGER, tier INTEGER, county_fips INTEGER, area INTEGER,
  host_zip INTEGER, host_miles INTEGER
);
CREATE INDEX zips_by_city ON zips (city_key, state);
CREATE INDEX zips_by_place ON zips (tier, lat, lon);

-- radius: miles * 10, 0 for fields that have none. The blobs are little-endian float64, uint32, uint32.
CREATE TABLE ranks (
  field TEXT NOT NULL, radius INTEGER NOT NULL, count INTEGER NOT NULL,
  breaks BLOB NOT NULL, below BLOB NOT NULL, upto BLOB NOT NULL, PRIMARY KEY (field, radius)
);
