/**
 * The steps from an empty file to today's tables. `user_version` counts the steps a file has taken;
 * a step that was released is never changed, a new one is added.
 *
 * Times are ms since 1970 and REAL, so that a fraction does no harm. `jobs` holds what has not ended: what waits, what
 * runs (only memory knows which), and, with `died_at`, what was given up. `jobs.attempt` counts the runs whose end or
 * begin was written down, `jobs.begun` is the one in which it was begun last; `jobs.remember` is how long its id is kept
 * afterwards where that is not the usual time. `ended` are the ids of the others and how long they are kept: slim, for
 * there are millions. `pauses.up_to` is the highest priority that must wait. `spends` are what was taken from
 * budgets, each counting until its span is over.
 *
 * `samples` are those that came lately; the others lie in `blocks` (see `store/blocks.ts`), by hour as they were measured
 * (tier 0) or by minute (1), and the hours of a day (2). `minutes` and `hours` held samples in an older form; what is
 * left of them is carried over (`carry-over.ts`). There, `first_after` and `last_after` are ms after `start`; `last_…`
 * is null where it is the first one, `…_min` and `…_max` where there is one value only, its sum; values are in
 * thousandths of V, A, W. `audit_start` is the last entry dropped.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE jobs (
    seq        INTEGER PRIMARY KEY,
    id         TEXT NOT NULL UNIQUE,
    queue      TEXT NOT NULL,
    lane       TEXT NOT NULL,
    payload    TEXT,
    priority   REAL NOT NULL,
    collapse   TEXT,
    due_at     REAL NOT NULL,
    created_at REAL NOT NULL,
    attempt    INTEGER NOT NULL DEFAULT 0,
    begun      INTEGER,
    lease      REAL,
    why        TEXT,
    outcome    TEXT CHECK (outcome IN ('done', 'dead', 'cancelled')),
    ended_at   REAL
  ) STRICT;
  CREATE INDEX jobs_open ON jobs (queue) WHERE outcome IS NULL;
  CREATE INDEX jobs_collapse ON jobs (collapse) WHERE collapse IS NOT NULL AND outcome IS NULL;
  CREATE INDEX jobs_ended ON jobs (outcome, ended_at) WHERE outcome IS NOT NULL;

  CREATE TABLE pauses (
    lane  TEXT PRIMARY KEY,
    until REAL NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE documents (
    key     TEXT NOT NULL UNIQUE,
    kind    TEXT NOT NULL,
    value   TEXT NOT NULL,
    version INTEGER NOT NULL,
    at      REAL,
    open    INTEGER
  ) STRICT;
  CREATE INDEX documents_at ON documents (kind, at, key) WHERE at IS NOT NULL;
  CREATE INDEX documents_open ON documents (kind, open, at, key) WHERE at IS NOT NULL;

  CREATE TABLE audit (
    seq     INTEGER PRIMARY KEY,
    at      REAL NOT NULL,
    who     TEXT NOT NULL,
    what    TEXT NOT NULL,
    subject TEXT NOT NULL,
    details TEXT,
    hash    TEXT NOT NULL
  ) STRICT;
  CREATE INDEX audit_subject ON audit (subject, seq);

  CREATE TABLE samples (
    device  TEXT NOT NULL,
    at      REAL NOT NULL,
    voltage REAL,
    current REAL,
    power   REAL,
    energy  REAL,
    PRIMARY KEY (device, at)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE minutes (
    device        TEXT NOT NULL,
    start         REAL NOT NULL,
    count         INTEGER NOT NULL,
    first_after   REAL NOT NULL,
    first_energy  REAL,
    last_after    REAL,
    last_energy   REAL,
    voltage_min   REAL,
    voltage_max   REAL,
    voltage_sum   REAL,
    voltage_count INTEGER,
    current_min   REAL,
    current_max   REAL,
    current_sum   REAL,
    current_count INTEGER,
    power_min     REAL,
    power_max     REAL,
    power_sum     REAL,
    power_count   INTEGER,
    PRIMARY KEY (device, start)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE hours (
    device        TEXT NOT NULL,
    start         REAL NOT NULL,
    count         INTEGER NOT NULL,
    first_after   REAL NOT NULL,
    first_energy  REAL,
    last_after    REAL,
    last_energy   REAL,
    voltage_min   REAL,
    voltage_max   REAL,
    voltage_sum   REAL,
    voltage_count INTEGER,
    current_min   REAL,
    current_max   REAL,
    current_sum   REAL,
    current_count INTEGER,
    power_min     REAL,
    power_max     REAL,
    power_sum     REAL,
    power_count   INTEGER,
    PRIMARY KEY (device, start)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE audit_start (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    seq  INTEGER NOT NULL,
    hash TEXT NOT NULL
  ) STRICT;

  CREATE INDEX jobs_waiting ON jobs (queue, due_at) WHERE outcome IS NULL AND lease IS NULL;
  `,
  `
  CREATE TABLE ended (
    id    TEXT PRIMARY KEY,
    until REAL NOT NULL
  ) STRICT, WITHOUT ROWID;
  INSERT INTO ended SELECT id, ended_at + 604800000 FROM jobs WHERE outcome IN ('done', 'cancelled');

  CREATE TABLE live (
    seq        INTEGER PRIMARY KEY,
    id         TEXT NOT NULL UNIQUE,
    queue      TEXT NOT NULL,
    lane       TEXT NOT NULL,
    payload    TEXT NOT NULL,
    priority   REAL NOT NULL,
    collapse   TEXT,
    remember   REAL,
    due_at     REAL NOT NULL,
    created_at REAL NOT NULL,
    attempt    INTEGER NOT NULL DEFAULT 0,
    begun      INTEGER,
    why        TEXT,
    died_at    REAL
  ) STRICT;
  INSERT INTO live SELECT seq, id, queue, lane, payload, priority, collapse, NULL, due_at, created_at, attempt, begun,
    why, ended_at FROM jobs WHERE outcome IS NULL OR outcome = 'dead';
  DROP TABLE jobs;
  ALTER TABLE live RENAME TO jobs;
  CREATE INDEX jobs_collapse ON jobs (collapse) WHERE collapse IS NOT NULL;
  CREATE INDEX jobs_dead ON jobs (died_at) WHERE died_at IS NOT NULL;

  CREATE TABLE leases (
    name   TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    until  REAL NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE spends (
    name  TEXT NOT NULL,
    at    REAL NOT NULL,
    until REAL NOT NULL
  ) STRICT;
  CREATE INDEX spends_at ON spends (name, at);
  CREATE INDEX spends_until ON spends (until);
  `,
  `
  CREATE TABLE paused (
    lane  TEXT NOT NULL,
    up_to REAL NOT NULL,
    until REAL NOT NULL,
    PRIMARY KEY (lane, up_to)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO paused SELECT lane, 9e999, until FROM pauses;
  DROP TABLE pauses;
  ALTER TABLE paused RENAME TO pauses;
  `,
  `
  ALTER TABLE samples ADD COLUMN apparent REAL;
  CREATE TABLE blocks (
    tier   INTEGER NOT NULL,
    device TEXT NOT NULL,
    start  REAL NOT NULL,
    data   BLOB NOT NULL,
    UNIQUE (tier, device, start)
  ) STRICT;
  `,
]
