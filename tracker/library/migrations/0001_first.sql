-- The first schema. What each table means is told in tracker/library/store.py.

-- "Trkr" in ASCII: how a library is told from the databases of other programs.
PRAGMA application_id = 1416784754;

CREATE TABLE documents (
    id       INTEGER PRIMARY KEY,
    sha256   TEXT NOT NULL UNIQUE,
    title    TEXT NOT NULL,
    language TEXT NOT NULL,
    written  TEXT,
    added    TEXT NOT NULL,
    updated  TEXT NOT NULL
);

CREATE TABLE document_names (
    id       INTEGER PRIMARY KEY,
    document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    name     TEXT NOT NULL,
    location TEXT NOT NULL,
    UNIQUE (document, location)
);
CREATE UNIQUE INDEX document_names_by_location ON document_names (location) WHERE location <> '-';

CREATE TABLE papers (
    key       TEXT PRIMARY KEY,
    doi       TEXT,
    title_key TEXT NOT NULL,
    record    TEXT NOT NULL,
    added     TEXT NOT NULL,
    updated   TEXT NOT NULL,
    read_on   TEXT,
    dropped   TEXT
);
CREATE INDEX papers_by_doi ON papers (doi);
CREATE INDEX papers_by_title ON papers (title_key);

CREATE TABLE other_keys (
    other TEXT PRIMARY KEY,
    paper TEXT NOT NULL REFERENCES papers (key)
);
CREATE INDEX other_keys_by_paper ON other_keys (paper);

CREATE TABLE tags (
    paper TEXT NOT NULL REFERENCES papers (key),
    tag   TEXT NOT NULL,
    PRIMARY KEY (paper, tag)
);

CREATE TABLE links (
    document     INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    position     INTEGER NOT NULL,
    kind         TEXT NOT NULL,
    surface      TEXT NOT NULL,
    start        INTEGER NOT NULL,
    "end"        INTEGER NOT NULL,
    line         INTEGER NOT NULL,
    mention_key  TEXT,
    version      INTEGER,
    support      TEXT NOT NULL,
    paper        TEXT REFERENCES papers (key),
    title        TEXT,
    confidence   REAL NOT NULL,
    role         TEXT NOT NULL,
    salience     REAL NOT NULL,
    reason       TEXT NOT NULL,
    evidence     TEXT NOT NULL,
    alternatives TEXT NOT NULL,
    PRIMARY KEY (document, position)
);
CREATE INDEX links_by_paper ON links (paper);

CREATE TABLE learned_aliases (
    alias    TEXT NOT NULL,
    paper    TEXT NOT NULL REFERENCES papers (key),
    document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    PRIMARY KEY (alias, paper, document)
);
CREATE INDEX learned_aliases_by_document ON learned_aliases (document);
CREATE INDEX learned_aliases_by_paper ON learned_aliases (paper);

CREATE TABLE answers (
    surface  TEXT NOT NULL,
    context  TEXT NOT NULL,
    paper    TEXT,
    answered TEXT NOT NULL,
    PRIMARY KEY (surface, context)
);

CREATE TABLE bib_keys (
    paper   TEXT PRIMARY KEY,
    bib_key TEXT NOT NULL UNIQUE COLLATE NOCASE
);
