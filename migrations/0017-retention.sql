-- When a pair was last given out: what a project keeps of identities for so long is counted from there.
ALTER TABLE uid_mapping ADD COLUMN used_at timestamptz(3) NOT NULL DEFAULT now();
-- Rows come in the order of time: a few pages tell which are old.
CREATE INDEX uid_mapping_by_use ON uid_mapping USING brin (used_at);
