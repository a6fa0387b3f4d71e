CREATE DOMAIN uid AS text CONSTRAINT uid_form CHECK ((VALUE ~ '^[0-9.]{1,64}$'::text));

CREATE TABLE delivery_receipt (
  session_id uuid NOT NULL,
  receipt jsonb NOT NULL,
  created_at timestamp(3) with time zone NOT NULL DEFAULT now(),
  CONSTRAINT delivery_receipt_pkey PRIMARY KEY (session_id),
  CONSTRAINT delivery_receipt_session_id_fkey FOREIGN KEY (session_id) REFERENCES export_session(id)
);

CREATE TABLE export_session (
  id uuid NOT NULL,
  state text NOT NULL,
  project_id uuid,
  image_source text NOT NULL,
  receiver text,
  subject text,
  document_title jsonb NOT NULL,
  disposition text,
  delay_reasons jsonb NOT NULL DEFAULT '[]'::jsonb,
  selection bytea NOT NULL,
  edition text,
  options text[] NOT NULL DEFAULT '{}'::text[],
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_at timestamp(3) with time zone,
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
  created_at timestamp(3) with time zone NOT NULL DEFAULT now(),
  updated_at timestamp(3) with time zone NOT NULL DEFAULT now(),
  completed_at timestamp(3) with time zone,
  closed_at timestamp(3) with time zone,
  CONSTRAINT export_session_pkey PRIMARY KEY (id),
  CONSTRAINT export_session_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id),
  CONSTRAINT export_session_attempts_count CHECK ((attempts >= 0)),
  CONSTRAINT export_session_closed_has_time CHECK (((state = ANY (ARRAY['rejected'::text, 'cancelled'::text, 'superseded'::text])) = (closed_at IS NOT NULL))),
  CONSTRAINT export_session_completed_has_edition CHECK (((state <> 'completed'::text) OR (edition IS NOT NULL))),
  CONSTRAINT export_session_completed_has_time CHECK (((state = 'completed'::text) = (completed_at IS NOT NULL))),
  CONSTRAINT export_session_ended_is_not_tried_again CHECK (((next_attempt_at IS NULL) OR (state <> ALL (ARRAY['completed'::text, 'rejected'::text, 'cancelled'::text, 'superseded'::text])))),
  CONSTRAINT export_session_error_is_whole CHECK ((((error_code IS NULL) AND (error_message IS NULL) AND (error_remedy IS NULL) AND (error_retryable IS NULL)) OR ((error_code IS NOT NULL) AND (error_message IS NOT NULL) AND (error_retryable IS NOT NULL)))),
  CONSTRAINT export_session_failed_has_error CHECK (((state <> 'failed'::text) OR (error_code IS NOT NULL))),
  CONSTRAINT export_session_needs_project CHECK (((project_id IS NOT NULL) OR (state = ANY (ARRAY['received'::text, 'delayed'::text, 'failed'::text, 'rejected'::text, 'cancelled'::text, 'superseded'::text])))),
  CONSTRAINT export_session_project_has_receiver CHECK (((project_id IS NULL) = (receiver IS NULL))),
  CONSTRAINT export_session_state_known CHECK ((state = ANY (ARRAY['received'::text, 'delayed'::text, 'waiting'::text, 'planning'::text, 'review'::text, 'queued'::text, 'exporting'::text, 'completed'::text, 'failed'::text, 'quarantined'::text, 'rejected'::text, 'cancelled'::text, 'superseded'::text])))
);

CREATE TABLE image_source_poll (
  image_source text NOT NULL,
  last_polled_at timestamp(3) with time zone,
  error_code text,
  error_message text,
  error_remedy text,
  error_retryable boolean,
  CONSTRAINT image_source_poll_pkey PRIMARY KEY (image_source),
  CONSTRAINT image_source_poll_error_is_whole CHECK ((((error_code IS NULL) AND (error_message IS NULL) AND (error_remedy IS NULL) AND (error_retryable IS NULL)) OR ((error_code IS NOT NULL) AND (error_message IS NOT NULL) AND (error_retryable IS NOT NULL))))
);

CREATE TABLE installation (
  id smallint NOT NULL DEFAULT 1,
  check_value bytea NOT NULL,
  data_key bytea NOT NULL,
  created_at timestamp(3) with time zone NOT NULL DEFAULT now(),
  CONSTRAINT installation_pkey PRIMARY KEY (id),
  CONSTRAINT installation_is_one CHECK ((id = 1))
);

CREATE TABLE key_object (
  image_source text NOT NULL,
  instance_index bytea NOT NULL,
  sop_instance_uid bytea NOT NULL,
  verdict text NOT NULL,
  session_id uuid,
  met_at timestamp(3) with time zone NOT NULL DEFAULT now(),
  CONSTRAINT key_object_pkey PRIMARY KEY (image_source, instance_index),
  CONSTRAINT key_object_session_id_fkey FOREIGN KEY (session_id) REFERENCES export_session(id),
  CONSTRAINT key_object_index_form CHECK ((length(instance_index) = 32)),
  CONSTRAINT key_object_taken_has_session CHECK (((verdict = 'taken'::text) = (session_id IS NOT NULL))),
  CONSTRAINT key_object_verdict_known CHECK ((verdict = ANY (ARRAY['taken'::text, 'left-alone'::text, 'too-old'::text, 'unreadable'::text])))
);

CREATE TABLE login (
  id_hash bytea NOT NULL,
  username text NOT NULL,
  role text NOT NULL,
  form_token text NOT NULL,
  created_at timestamp(3) with time zone NOT NULL DEFAULT now(),
  expires_at timestamp(3) with time zone NOT NULL,
  CONSTRAINT login_pkey PRIMARY KEY (id_hash),
  CONSTRAINT login_hash_form CHECK ((length(id_hash) = 32)),
  CONSTRAINT login_role_known CHECK ((role = 'administrator'::text))
);

CREATE TABLE project (
  id uuid NOT NULL,
  name text NOT NULL,
  kind text NOT NULL,
  receiver text NOT NULL,
  subject_pattern text NOT NULL,
  next_subject_number integer NOT NULL DEFAULT 1,
  data_key bytea NOT NULL,
  derivation_key bytea NOT NULL,
  provisioned boolean NOT NULL DEFAULT true,
  created_at timestamp(3) with time zone NOT NULL DEFAULT now(),
  updated_at timestamp(3) with time zone NOT NULL DEFAULT now(),
  CONSTRAINT project_name_is_unique UNIQUE (name),
  CONSTRAINT project_pkey PRIMARY KEY (id),
  CONSTRAINT project_counter_counts CHECK ((next_subject_number >= 1)),
  CONSTRAINT project_kind_known CHECK ((kind = ANY (ARRAY['teaching-file'::text, 'clinical-trial'::text, 'research-collection'::text, 'publication'::text]))),
  CONSTRAINT project_name_form CHECK (((length(name) >= 1) AND (length(name) <= 200)))
);

CREATE TABLE session_attribute_change (
  session_id uuid NOT NULL,
  sop_class_uid uid NOT NULL,
  path text NOT NULL,
  keyword text NOT NULL,
  action text NOT NULL,
  rule text NOT NULL,
  instances integer NOT NULL,
  CONSTRAINT session_attribute_change_pkey PRIMARY KEY (session_id, sop_class_uid, path, action, rule),
  CONSTRAINT session_attribute_change_session_id_fkey FOREIGN KEY (session_id) REFERENCES export_session(id),
  CONSTRAINT session_attribute_change_counts CHECK ((instances > 0))
);

CREATE TABLE session_event (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  session_id uuid NOT NULL,
  at timestamp(3) with time zone NOT NULL DEFAULT now(),
  state text NOT NULL,
  text text NOT NULL,
  code text,
  CONSTRAINT session_event_pkey PRIMARY KEY (id),
  CONSTRAINT session_event_session_id_fkey FOREIGN KEY (session_id) REFERENCES export_session(id)
);

CREATE TABLE session_instance (
  session_id uuid NOT NULL,
  ordinal integer NOT NULL,
  sop_class_uid uid,
  source bytea NOT NULL,
  state text NOT NULL DEFAULT 'selected'::text,
  reason_code text,
  reason_message text,
  reason_remedy text,
  target_study_instance_uid uid,
  target_series_instance_uid uid,
  target_sop_instance_uid uid,
  sha256 text,
  byte_length bigint,
  planned_at timestamp(3) with time zone,
  delivered_at timestamp(3) with time zone,
  status smallint,
  warning_reason integer,
  CONSTRAINT session_instance_pkey PRIMARY KEY (session_id, ordinal),
  CONSTRAINT session_instance_session_id_fkey FOREIGN KEY (session_id) REFERENCES export_session(id),
  CONSTRAINT session_instance_delivered_has_time CHECK (((state = 'delivered'::text) = (delivered_at IS NOT NULL))),
  CONSTRAINT session_instance_length_counts CHECK ((byte_length >= 0)),
  CONSTRAINT session_instance_ordinal_counts CHECK ((ordinal >= 0)),
  CONSTRAINT session_instance_quarantined_has_reason CHECK (((state <> 'quarantined'::text) OR (reason_code IS NOT NULL))),
  CONSTRAINT session_instance_reason_is_whole CHECK ((((reason_code IS NULL) = (reason_message IS NULL)) AND ((reason_remedy IS NULL) OR (reason_code IS NOT NULL)))),
  CONSTRAINT session_instance_selected_is_not_planned CHECK (((state = 'selected'::text) = (planned_at IS NULL))),
  CONSTRAINT session_instance_sha256_form CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text)),
  CONSTRAINT session_instance_state_known CHECK ((state = ANY (ARRAY['selected'::text, 'missing'::text, 'planned'::text, 'quarantined'::text, 'delivered'::text]))),
  CONSTRAINT session_instance_status_of_delivered CHECK (((state = 'delivered'::text) OR ((status IS NULL) AND (warning_reason IS NULL)))),
  CONSTRAINT session_instance_target_is_whole CHECK ((((target_study_instance_uid IS NULL) = (target_sop_instance_uid IS NULL)) AND ((target_series_instance_uid IS NULL) = (target_sop_instance_uid IS NULL)))),
  CONSTRAINT session_instance_target_when_planned CHECK (((state = ANY (ARRAY['planned'::text, 'delivered'::text])) = (target_sop_instance_uid IS NOT NULL)))
);

CREATE TABLE sign_in_link (
  hash bytea NOT NULL,
  username text NOT NULL,
  role text NOT NULL,
  created_at timestamp(3) with time zone NOT NULL DEFAULT now(),
  expires_at timestamp(3) with time zone NOT NULL,
  used_at timestamp(3) with time zone,
  CONSTRAINT sign_in_link_pkey PRIMARY KEY (hash),
  CONSTRAINT sign_in_link_hash_form CHECK ((length(hash) = 32)),
  CONSTRAINT sign_in_link_role_known CHECK ((role = 'administrator'::text))
);

CREATE TABLE subject (
  project_id uuid NOT NULL,
  patient_index bytea NOT NULL,
  number integer NOT NULL,
  code text NOT NULL,
  patient bytea NOT NULL,
  created_at timestamp(3) with time zone NOT NULL DEFAULT now(),
  CONSTRAINT subject_code_is_unique UNIQUE (project_id, code),
  CONSTRAINT subject_number_is_unique UNIQUE (project_id, number),
  CONSTRAINT subject_pkey PRIMARY KEY (project_id, patient_index),
  CONSTRAINT subject_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id),
  CONSTRAINT subject_index_form CHECK ((length(patient_index) = 32)),
  CONSTRAINT subject_number_counts CHECK ((number >= 1))
);

CREATE TABLE uid_mapping (
  project_id uuid NOT NULL,
  source_index bytea NOT NULL,
  kind text NOT NULL,
  source bytea NOT NULL,
  target uid NOT NULL,
  created_at timestamp(3) with time zone NOT NULL DEFAULT now(),
  CONSTRAINT uid_mapping_target_is_unique UNIQUE (project_id, target),
  CONSTRAINT uid_mapping_pkey PRIMARY KEY (project_id, source_index),
  CONSTRAINT uid_mapping_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id),
  CONSTRAINT uid_mapping_index_form CHECK ((length(source_index) = 32)),
  CONSTRAINT uid_mapping_kind_known CHECK ((kind = ANY (ARRAY['study'::text, 'series'::text, 'instance'::text, 'other'::text])))
);

CREATE INDEX export_session_by_project ON public.export_session USING btree (project_id, updated_at DESC, id DESC);

CREATE INDEX export_session_by_state ON public.export_session USING btree (state, updated_at DESC, id DESC);

CREATE INDEX export_session_by_update ON public.export_session USING btree (updated_at DESC, id DESC);

CREATE INDEX key_object_of_session ON public.key_object USING btree (session_id);

CREATE INDEX session_event_of_session ON public.session_event USING btree (session_id, id);

CREATE OR REPLACE FUNCTION public.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$function$;

CREATE TRIGGER delivery_receipt_is_append_only BEFORE DELETE OR UPDATE ON public.delivery_receipt FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER delivery_receipt_is_not_emptied BEFORE TRUNCATE ON public.delivery_receipt FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER session_event_is_append_only BEFORE DELETE OR UPDATE ON public.session_event FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER session_event_is_not_emptied BEFORE TRUNCATE ON public.session_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
