-- When the services were last asked about a paper; null: never. `tracker update` begins with the oldest.
ALTER TABLE papers ADD COLUMN checked TEXT;
CREATE INDEX papers_by_checked ON papers (checked);
