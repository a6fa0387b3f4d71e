-- Instances that were stored here by STOW-RS. The bytes lie sealed below the data directory; what identifies is sealed
-- or a keyed index.
CREATE TABLE received_instance (
  instance_index bytea PRIMARY KEY CONSTRAINT received_instance_index_form CHECK (length(instance_index) = 32),
  study_index bytea NOT NULL CONSTRAINT received_instance_study_form CHECK (length(study_index) = 32),
  series_index bytea NOT NULL CONSTRAINT received_instance_series_form CHECK (length(series_index) = 32),
  sop_class_uid uid NOT NULL,
  -- Sealed: Study, Series and SOP Instance UID.
  uids bytea NOT NULL,
  -- Name of the file.
  file uuid NOT NULL CONSTRAINT received_instance_file_is_unique UNIQUE,
  -- Sealed. Once it is gone, so is what the file says, wherever a copy of it lies.
  file_key bytea,
  byte_length bigint NOT NULL CONSTRAINT received_instance_length_counts CHECK (byte_length > 0),
  -- Keyed, of the SHA-256 of the bytes.
  content_index bytea NOT NULL CONSTRAINT received_instance_content_form CHECK (length(content_index) = 32),
  received_at timestamptz(3) NOT NULL DEFAULT now(),
  removed_at timestamptz(3),
  removed_because text
    CONSTRAINT received_instance_removal_known CHECK (removed_because IN ('sessions-ended', 'unclaimed')),
  CONSTRAINT received_instance_removed_has_reason CHECK ((removed_at IS NULL) = (removed_because IS NULL)),
  CONSTRAINT received_instance_removed_has_no_key CHECK ((removed_at IS NULL) = (file_key IS NOT NULL))
);
CREATE INDEX received_instance_of_study ON received_instance (study_index) WHERE removed_at IS NULL;
CREATE INDEX received_instance_by_age ON received_instance (received_at) WHERE removed_at IS NULL;

-- Keyed, of the SOP Instance UID: which sessions an instance is meant for.
ALTER TABLE session_instance ADD COLUMN source_index bytea
  CONSTRAINT session_instance_source_index_form CHECK (length(source_index) = 32);
CREATE INDEX session_instance_by_source ON session_instance (source_index) WHERE source_index IS NOT NULL;
