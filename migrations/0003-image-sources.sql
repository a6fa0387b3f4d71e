-- Key Objects met at an image source. Their UIDs identify a study, so only their keyed index is kept beside the sealed UID.
CREATE TABLE key_object (
  image_source text NOT NULL,
  instance_index bytea NOT NULL CONSTRAINT key_object_index_form CHECK (length(instance_index) = 32),
  -- Sealed.
  sop_instance_uid bytea NOT NULL,
  verdict text NOT NULL
    CONSTRAINT key_object_verdict_known CHECK (verdict IN ('taken', 'left-alone', 'too-old', 'unreadable')),
  session_id uuid REFERENCES export_session (id),
  met_at timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (image_source, instance_index),
  CONSTRAINT key_object_taken_has_session CHECK ((verdict = 'taken') = (session_id IS NOT NULL))
);
CREATE INDEX key_object_of_session ON key_object (session_id);

CREATE TABLE image_source_poll (
  image_source text PRIMARY KEY,
  last_polled_at timestamptz(3),
  error_code text,
  error_message text,
  error_remedy text,
  error_retryable boolean,
  CONSTRAINT image_source_poll_error_is_whole CHECK (
    (error_code IS NULL AND error_message IS NULL AND error_remedy IS NULL AND error_retryable IS NULL)
    OR (error_code IS NOT NULL AND error_message IS NOT NULL AND error_retryable IS NOT NULL))
);
