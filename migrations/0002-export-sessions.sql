CREATE TABLE export_session (
  id uuid PRIMARY KEY,
  state text NOT NULL
    CONSTRAINT export_session_state_known CHECK (state IN (
      'received', 'delayed', 'waiting', 'planning', 'review', 'queued', 'exporting',
      'completed', 'failed', 'quarantined', 'rejected', 'cancelled', 'superseded')),
  project_id uuid REFERENCES project (id),
  image_source text NOT NULL,
  receiver text,
  -- Code of the patient in the project.
  subject text,
  document_title jsonb NOT NULL,
  disposition text,
  delay_reasons jsonb NOT NULL DEFAULT '[]',
  -- Sealed: source UIDs, patient ID and free text.
  selection bytea NOT NULL,
  edition text,
  options text[] NOT NULL DEFAULT '{}',
  attempts integer NOT NULL DEFAULT 0 CONSTRAINT export_session_attempts_count CHECK (attempts >= 0),
  next_attempt_at timestamptz(3),
  error_code text,
  error_message text,
  error_remedy text,
  error_retryable boolean,
  count_selected integer NOT NULL DEFAULT 0,
  count_retrieved integer NOT NULL DEFAULT 0,
  count_deidentified integer NOT NULL DEFAULT 0,
  count_delivered integer NOT NULL DEFAULT 0,
  count_refused integer NOT NULL DEFAULT 0,
  count_quarantined integer NOT NULL DEFAULT 0,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  completed_at timestamptz(3),
  -- When it came to an end without having been completed.
  closed_at timestamptz(3),
  CONSTRAINT export_session_completed_has_time CHECK ((state = 'completed') = (completed_at IS NOT NULL)),
  CONSTRAINT export_session_closed_has_time
    CHECK ((state IN ('rejected', 'cancelled', 'superseded')) = (closed_at IS NOT NULL)),
  CONSTRAINT export_session_ended_is_not_tried_again
    CHECK (next_attempt_at IS NULL OR state NOT IN ('completed', 'rejected', 'cancelled', 'superseded')),
  CONSTRAINT export_session_project_has_receiver CHECK ((project_id IS NULL) = (receiver IS NULL)),
  CONSTRAINT export_session_needs_project
    CHECK (project_id IS NOT NULL OR state IN ('received', 'delayed', 'failed', 'rejected', 'cancelled', 'superseded')),
  CONSTRAINT export_session_failed_has_error CHECK (state <> 'failed' OR error_code IS NOT NULL),
  CONSTRAINT export_session_completed_has_edition CHECK (state <> 'completed' OR edition IS NOT NULL),
  CONSTRAINT export_session_error_is_whole CHECK (
    (error_code IS NULL AND error_message IS NULL AND error_remedy IS NULL AND error_retryable IS NULL)
    OR (error_code IS NOT NULL AND error_message IS NOT NULL AND error_retryable IS NOT NULL))
);

-- The worklist, newest first, and its two filters.
CREATE INDEX export_session_by_update ON export_session (updated_at DESC, id DESC);
CREATE INDEX export_session_by_state ON export_session (state, updated_at DESC, id DESC);
CREATE INDEX export_session_by_project ON export_session (project_id, updated_at DESC, id DESC);

CREATE TABLE session_instance (
  session_id uuid NOT NULL REFERENCES export_session (id),
  -- From 0, in the order of the manifest.
  ordinal integer NOT NULL CONSTRAINT session_instance_ordinal_counts CHECK (ordinal >= 0),
  -- NULL where the selection names none.
  sop_class_uid uid,
  -- Sealed: the three source UIDs.
  source bytea NOT NULL,
  state text NOT NULL DEFAULT 'selected'
    CONSTRAINT session_instance_state_known CHECK (state IN ('selected', 'missing', 'planned', 'quarantined', 'delivered')),
  reason_code text,
  reason_message text,
  reason_remedy text,
  target_study_instance_uid uid,
  target_series_instance_uid uid,
  target_sop_instance_uid uid,
  sha256 text CONSTRAINT session_instance_sha256_form CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  byte_length bigint CONSTRAINT session_instance_length_counts CHECK (byte_length >= 0),
  planned_at timestamptz(3),
  delivered_at timestamptz(3),
  status smallint,
  warning_reason integer,
  PRIMARY KEY (session_id, ordinal),
  CONSTRAINT session_instance_delivered_has_time CHECK ((state = 'delivered') = (delivered_at IS NOT NULL)),
  CONSTRAINT session_instance_selected_is_not_planned CHECK ((state = 'selected') = (planned_at IS NULL)),
  CONSTRAINT session_instance_target_is_whole CHECK (
    (target_study_instance_uid IS NULL) = (target_sop_instance_uid IS NULL)
    AND (target_series_instance_uid IS NULL) = (target_sop_instance_uid IS NULL)),
  CONSTRAINT session_instance_target_when_planned
    CHECK ((state IN ('planned', 'delivered')) = (target_sop_instance_uid IS NOT NULL)),
  CONSTRAINT session_instance_quarantined_has_reason CHECK (state <> 'quarantined' OR reason_code IS NOT NULL),
  CONSTRAINT session_instance_reason_is_whole CHECK (
    (reason_code IS NULL) = (reason_message IS NULL) AND (reason_remedy IS NULL OR reason_code IS NOT NULL)),
  CONSTRAINT session_instance_status_of_delivered
    CHECK (state = 'delivered' OR (status IS NULL AND warning_reason IS NULL))
);

CREATE TABLE session_attribute_change (
  session_id uuid NOT NULL REFERENCES export_session (id),
  sop_class_uid uid NOT NULL,
  path text NOT NULL,
  keyword text NOT NULL,
  action text NOT NULL,
  rule text NOT NULL,
  instances integer NOT NULL CONSTRAINT session_attribute_change_counts CHECK (instances > 0),
  PRIMARY KEY (session_id, sop_class_uid, path, action, rule)
);

CREATE TABLE session_event (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  session_id uuid NOT NULL REFERENCES export_session (id),
  at timestamptz(3) NOT NULL DEFAULT now(),
  state text NOT NULL,
  text text NOT NULL,
  code text
);
CREATE INDEX session_event_of_session ON session_event (session_id, id);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER session_event_is_append_only
  BEFORE UPDATE OR DELETE ON session_event FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER session_event_is_not_emptied
  BEFORE TRUNCATE ON session_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE delivery_receipt (
  session_id uuid PRIMARY KEY REFERENCES export_session (id),
  receipt jsonb NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now()
);

CREATE TRIGGER delivery_receipt_is_append_only
  BEFORE UPDATE OR DELETE ON delivery_receipt FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER delivery_receipt_is_not_emptied
  BEFORE TRUNCATE ON delivery_receipt FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
