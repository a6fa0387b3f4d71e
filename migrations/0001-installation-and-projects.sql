-- Times are kept to the millisecond: what a client gets as a cursor then compares equal to what is stored.

CREATE DOMAIN uid AS text
  CONSTRAINT uid_form CHECK (VALUE ~ '^[0-9.]{1,64}$'); -- PS3.5 9.1

COMMENT ON DOMAIN uid IS 'A DICOM UID that may lie in the clear: SOP Class UIDs and newly derived UIDs, never a source UID';

CREATE TABLE installation (
  id smallint PRIMARY KEY DEFAULT 1 CONSTRAINT installation_is_one CHECK (id = 1),
  -- Opens with the right master key only; nothing starts where it does not.
  check_value bytea NOT NULL,
  -- Wrapped by the master key.
  data_key bytea NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now()
);

CREATE TABLE project (
  id uuid PRIMARY KEY,
  name text NOT NULL CONSTRAINT project_name_is_unique UNIQUE
    CONSTRAINT project_name_form CHECK (length(name) BETWEEN 1 AND 200),
  kind text NOT NULL
    CONSTRAINT project_kind_known CHECK (kind IN ('teaching-file', 'clinical-trial', 'research-collection', 'publication')),
  receiver text NOT NULL,
  subject_pattern text NOT NULL,
  next_subject_number integer NOT NULL DEFAULT 1 CONSTRAINT project_counter_counts CHECK (next_subject_number >= 1),
  -- Both wrapped by the master key.
  data_key bytea NOT NULL,
  derivation_key bytea NOT NULL,
  -- false: it was in the configuration once, and is not any more.
  provisioned boolean NOT NULL DEFAULT true,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now()
);
