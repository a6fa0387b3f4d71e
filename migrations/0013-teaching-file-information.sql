-- Additional Teaching File Information that is written here (IHE RAD TF, TCE). It is free text: sealed.
CREATE TABLE teaching_file_information (
  session_id uuid PRIMARY KEY REFERENCES export_session (id),
  -- NULL: taken back; what a session before it said does not count either.
  information bytea,
  -- As which the document is selected; drawn here, and mapped like those of the source.
  series_instance_uid uid NOT NULL,
  sop_instance_uid uid NOT NULL,
  written_by text NOT NULL,
  written_at timestamptz(3) NOT NULL DEFAULT now()
);
-- Documents that the selection does not name and that leave with it.
ALTER TABLE session_instance ADD COLUMN added boolean NOT NULL DEFAULT false;
