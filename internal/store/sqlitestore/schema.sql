-- The graph as tables. Absent values are NULL. IDs are those of package kg;
-- offsets count Unicode code points of report.text, [start_at, end_at).

CREATE TABLE meta (
  name  TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO meta VALUES ('revision', 0), ('epoch', abs(random() / 2) + 1); -- epoch: tells this file from others

-- What reports name. Counts are of stored reports and their mentions.
CREATE TABLE entity (
  id            TEXT PRIMARY KEY,
  kind          TEXT NOT NULL, -- JURISDICTION, LAW, PRACTICE, LAW_FIRM, INDICATOR
  name          TEXT NOT NULL,
  code          TEXT,
  level         TEXT,
  full_name     TEXT,
  parent_id     TEXT REFERENCES entity DEFERRABLE INITIALLY DEFERRED,
  scope         TEXT,
  category      TEXT,
  variant_of    TEXT REFERENCES entity DEFERRABLE INITIALLY DEFERRED,
  part_of       TEXT REFERENCES entity DEFERRABLE INITIALLY DEFERRED,
  law_type      TEXT,
  issued_by     TEXT REFERENCES entity DEFERRABLE INITIALLY DEFERRED,
  versions      TEXT, -- JSON: a list of {Adopted, Effective, Until}
  unit          TEXT,
  report_count  INTEGER NOT NULL DEFAULT 0,
  mention_count INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX entity_kind ON entity (kind, id);
CREATE INDEX entity_parent ON entity (parent_id);
CREATE INDEX entity_variant ON entity (variant_of);
CREATE INDEX entity_part ON entity (part_of);
CREATE INDEX entity_issuer ON entity (issued_by);

-- key is name as it is compared: simplified, half-width, lower-case, without
-- white space and quotation marks.
CREATE TABLE entity_name (
  entity_id TEXT NOT NULL REFERENCES entity ON DELETE CASCADE,
  role      TEXT NOT NULL, -- NAME, ALIAS, FULL
  name      TEXT NOT NULL,
  key       TEXT NOT NULL,
  PRIMARY KEY (entity_id, role, name)
) WITHOUT ROWID;
CREATE INDEX entity_name_key ON entity_name (key);

CREATE TABLE report (
  num        INTEGER PRIMARY KEY, -- of this file only
  id         TEXT NOT NULL UNIQUE,
  title      TEXT,
  title_key  TEXT, -- as entity_name.key
  issuer_id  TEXT REFERENCES entity DEFERRABLE INITIALLY DEFERRED,
  department TEXT,
  year       INTEGER,
  published  TEXT,
  doc_number TEXT,
  addressee  TEXT,
  composed   INTEGER NOT NULL, -- 1: a sample that no government published
  text       TEXT NOT NULL,
  digest     TEXT NOT NULL, -- SHA-256 of all that the report says
  revision   INTEGER NOT NULL -- in which it was last written
);
CREATE INDEX report_revision ON report (revision);
CREATE INDEX report_issuer ON report (issuer_id);
CREATE INDEX report_year ON report (year);
CREATE INDEX report_order ON report (coalesce(year, 0) DESC, id); -- of search hits

-- Reports that are gone, and since which revision.
CREATE TABLE removed (
  report_id TEXT PRIMARY KEY,
  revision  INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX removed_revision ON removed (revision);

CREATE TABLE source (
  location        TEXT PRIMARY KEY,
  report_id       TEXT NOT NULL REFERENCES report (id) ON DELETE CASCADE,
  content_hash    TEXT NOT NULL,
  extractor       TEXT NOT NULL,
  media_type      TEXT NOT NULL,
  encoding        TEXT NOT NULL,
  lost_characters INTEGER NOT NULL,
  ingested_at     TEXT NOT NULL
);
CREATE INDEX source_report ON source (report_id);

CREATE TABLE passage (
  id        INTEGER PRIMARY KEY,
  report_id TEXT NOT NULL REFERENCES report (id) ON DELETE CASCADE,
  idx       INTEGER NOT NULL,
  start_at  INTEGER NOT NULL,
  end_at    INTEGER NOT NULL,
  section   TEXT,
  text      TEXT NOT NULL,
  UNIQUE (report_id, idx)
);

-- The folded pairs of neighbouring characters of each passage, as words.
CREATE VIRTUAL TABLE passage_pairs USING fts5 (
  pairs, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
);

-- One place in one report that names an entity or states a figure.
CREATE TABLE mention (
  id         TEXT PRIMARY KEY,
  report_id  TEXT NOT NULL REFERENCES report (id) ON DELETE CASCADE,
  kind       TEXT NOT NULL, -- JURISDICTION, LAW, PRACTICE, LAW_FIRM, METRIC
  entity_id  TEXT REFERENCES entity DEFERRABLE INITIALLY DEFERRED, -- NULL: undecided, see candidate
  start_at   INTEGER NOT NULL,
  end_at     INTEGER NOT NULL,
  quote      TEXT NOT NULL,
  passage    INTEGER NOT NULL, -- passage.idx
  rule       TEXT NOT NULL,
  status     TEXT, -- PLANNED, REFERRED, IMPLEMENTED, QUANTIFIED, HONOURED
  article    TEXT,
  doc_number TEXT
);
CREATE INDEX mention_report ON mention (report_id, start_at, end_at, kind);
CREATE INDEX mention_entity ON mention (entity_id, report_id);

CREATE TABLE metric (
  mention_id  TEXT PRIMARY KEY REFERENCES mention ON DELETE CASCADE,
  label       TEXT,
  value       REAL NOT NULL,
  value_max   REAL,
  unit        TEXT,
  approximate INTEGER NOT NULL,
  target      INTEGER NOT NULL,
  period      TEXT,
  parent_id   TEXT -- the mention of the figure this one is part of
) WITHOUT ROWID;

-- What an undecided mention may stand for.
CREATE TABLE candidate (
  mention_id TEXT NOT NULL REFERENCES mention ON DELETE CASCADE,
  entity_id  TEXT NOT NULL REFERENCES entity DEFERRABLE INITIALLY DEFERRED,
  PRIMARY KEY (mention_id, entity_id)
) WITHOUT ROWID;
CREATE INDEX candidate_entity ON candidate (entity_id);

-- mention, summed up: which report names which entity, how firmly, how often.
CREATE TABLE posting (
  report_id TEXT NOT NULL REFERENCES report (id) ON DELETE CASCADE,
  entity_id TEXT NOT NULL REFERENCES entity DEFERRABLE INITIALLY DEFERRED,
  status    TEXT, -- the strongest
  mentions  INTEGER NOT NULL,
  PRIMARY KEY (report_id, entity_id)
) WITHOUT ROWID;
CREATE INDEX posting_entity ON posting (entity_id, report_id);

-- Hashes of stretches of the folded main text: reports that share a passage
-- share a hash.
CREATE TABLE fingerprint (
  hash   INTEGER NOT NULL, -- 64 bits, as a signed number
  report INTEGER NOT NULL REFERENCES report (num) ON DELETE CASCADE,
  PRIMARY KEY (hash, report)
) WITHOUT ROWID;
CREATE INDEX fingerprint_report ON fingerprint (report);

-- What editors decided. What it means is applied to the other tables.
CREATE TABLE decision (
  num           INTEGER PRIMARY KEY, -- in the order of deciding, from 1
  id            TEXT NOT NULL UNIQUE,
  kind          TEXT NOT NULL, -- REJECT_MENTION, MERGE_ENTITIES, SPLIT_ENTITY
  decided_by    TEXT NOT NULL,
  decided_at    TEXT NOT NULL, -- RFC 3339, UTC
  reason        TEXT NOT NULL,
  undone_by     TEXT,
  undone_at     TEXT,
  undone_reason TEXT,
  entity_id     TEXT, -- that is split, goes in a merge, or is not named after all
  into_id       TEXT, -- that stays in a merge, or is new
  whole         TEXT NOT NULL -- JSON: all of it, with the mentions meant
);

-- What the extractor found in reports of which decisions made something else.
CREATE TABLE original (
  report_id TEXT PRIMARY KEY REFERENCES report (id) ON DELETE CASCADE,
  facts     TEXT NOT NULL -- JSON
) WITHOUT ROWID;
