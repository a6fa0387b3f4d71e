CREATE DOMAIN uid AS text CONSTRAINT uid_form CHECK ((VALUE ~ '^[0-9.]{1,64}$'::text));

CREATE TABLE account (
  username text NOT NULL,
  role text NOT NULL,
  projects text[],
  password_hash text NOT NULL,
  created_by text NOT NULL,
  created_at timestamp(3) with time zone NOT NULL DEFAULT now(),
  changed_at timestamp(3) with time zone NOT NULL DEFAULT now(),
  disabled_at timestamp(3) with time zone,
  CONSTRAINT account_pkey PRIMARY KEY (username),
  CONSTRAINT account_role_known CHECK ((role = ANY (ARRAY['administrator'::text, 'trial-coordinator'::text, 'reviewer'::text, 'reidentifier'::text, 'auditor'::text]))),
  CONSTRAINT account_username_form CHECK (((length(username) >= 1) AND (length(username) <= 128)))
);

CREATE TABLE api_token (
  id uuid NOT NULL,
  name text NOT NULL,
  scopes text[] NOT NULL,
  projects text[],
  hash bytea NOT NULL,
  created_by text NOT NULL,
  created_at timestamp(3) with time zone NOT NULL DEFAULT now(),
  revoked_at timestamp(3) with time zone,
  CONSTRAINT api_token_hash_is_unique UNIQUE (hash),
  CONSTRAINT api_token_name_is_unique UNIQUE (name),
  CONSTRAINT api_token_pkey PRIMARY KEY (id),
  CONSTRAINT api_token_has_scope CHECK ((cardinality(scopes) > 0)),
  CONSTRAINT api_token_hash_form CHECK ((length(hash) = 32)),
  CONSTRAINT api_token_name_form CHECK (((length(name) >= 1) AND (length(name) <= 128)))
);

CREATE TABLE audit_delivery (
  event_id bigint NOT NULL,
  sent_at timestamp(3) with time zone NOT NULL DEFAULT now(),
  CONSTRAINT audit_delivery_pkey PRIMARY KEY (event_id),
  CONSTRAINT audit_delivery_event_id_fkey FOREIGN KEY (event_id) REFERENCES audit_event(id)
);

CREATE TABLE audit_event (
  id bigint NOT NULL,
  at timestamp(3) with time zone NOT NULL,
  event text NOT NULL,
  event_id text NOT NULL,
  event_meaning text NOT NULL,
  action text NOT NULL,
  outcome smallint NOT NULL,
  actor_kind text NOT NULL,
  actor_name text NOT NULL,
  session_id uuid,
  project text,
  message bytea NOT NULL,
  chain bytea NOT NULL,
  erasure bytea,
  CONSTRAINT audit_event_pkey PRIMARY KEY (id),
  CONSTRAINT audit_event_action_known CHECK ((action = ANY (ARRAY['C'::text, 'R'::text, 'U'::text, 'D'::text, 'E'::text]))),
  CONSTRAINT audit_event_actor_known CHECK ((actor_kind = ANY (ARRAY['person'::text, 'token'::text, 'system'::text]))),
  CONSTRAINT audit_event_chain_form CHECK ((length(chain) = 32)),
  CONSTRAINT audit_event_erasure_form CHECK ((length(erasure) = 32)),
  CONSTRAINT audit_event_id_counts CHECK ((id >= 1)),
  CONSTRAINT audit_event_outcome_known CHECK ((outcome = ANY (ARRAY[0, 4, 8, 12])))
);

CREATE TABLE audited_configuration (
  id smallint NOT NULL DEFAULT 1,
  digest bytea NOT NULL,
  CONSTRAINT audited_configuration_pkey PRIMARY KEY (id),
  CONSTRAINT audited_configuration_digest_form CHECK ((length(digest) = 32)),
  CONSTRAINT audited_configuration_is_one CHECK ((id = 1))
);

CREATE TABLE delivery_receipt (
  session_id uuid NOT NULL,
  receipt jsonb NOT NULL,
  created_at timestamp(3) with time zone NOT NULL DEFAULT now(),
  delivery integer NOT NULL DEFAULT 1,
  CONSTRAINT delivery_receipt_pkey PRIMARY KEY (session_id, delivery),
  CONSTRAINT delivery_receipt_session_id_fkey FOREIGN KEY (session_id) REFERENCES export_session(id),
  CONSTRAINT delivery_receipt_delivery_counts CHECK ((delivery >= 1))
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
  selection bytea,
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
  selection_id uuid NOT NULL,
  superseded_by uuid,
  patient_index bytea,
  reminded_at timestamp(3) with time zone,
  looked_at timestamp(3) with time zone,
  delivery integer NOT NULL DEFAULT 1,
  CONSTRAINT export_session_pkey PRIMARY KEY (id),
  CONSTRAINT export_session_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id),
  CONSTRAINT export_session_selection_id_fkey FOREIGN KEY (selection_id) REFERENCES export_session(id),
  CONSTRAINT export_session_superseded_by_fkey FOREIGN KEY (superseded_by) REFERENCES export_session(id),
  CONSTRAINT export_session_attempts_count CHECK ((attempts >= 0)),
  CONSTRAINT export_session_closed_has_time CHECK (((state = ANY (ARRAY['rejected'::text, 'cancelled'::text, 'superseded'::text])) = (closed_at IS NOT NULL))),
  CONSTRAINT export_session_completed_has_edition CHECK (((state <> 'completed'::text) OR (edition IS NOT NULL))),
  CONSTRAINT export_session_completed_has_time CHECK (((state = 'completed'::text) = (completed_at IS NOT NULL))),
  CONSTRAINT export_session_delivery_counts CHECK ((delivery >= 1)),
  CONSTRAINT export_session_ended_is_not_tried_again CHECK (((next_attempt_at IS NULL) OR (state <> ALL (ARRAY['completed'::text, 'rejected'::text, 'cancelled'::text, 'superseded'::text])))),
  CONSTRAINT export_session_error_is_whole CHECK ((((error_code IS NULL) AND (error_message IS NULL) AND (error_remedy IS NULL) AND (error_retryable IS NULL)) OR ((error_code IS NOT NULL) AND (error_message IS NOT NULL) AND (error_retryable IS NOT NULL)))),
  CONSTRAINT export_session_failed_has_error CHECK (((state <> 'failed'::text) OR (error_code IS NOT NULL))),
  CONSTRAINT export_session_link_of_superseded CHECK (((superseded_by IS NULL) OR (state = 'superseded'::text))),
  CONSTRAINT export_session_needs_project CHECK (((project_id IS NOT NULL) OR (state = ANY (ARRAY['received'::text, 'delayed'::text, 'failed'::text, 'rejected'::text, 'cancelled'::text, 'superseded'::text])))),
  CONSTRAINT export_session_patient_index_form CHECK ((length(patient_index) = 32)),
  CONSTRAINT export_session_project_has_receiver CHECK (((project_id IS NULL) = (receiver IS NULL))),
  CONSTRAINT export_session_selection_until_end CHECK (((selection IS NOT NULL) OR (state = ANY (ARRAY['completed'::text, 'rejected'::text, 'cancelled'::text, 'superseded'::text])))),
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
  sop_instance_uid bytea,
  verdict text NOT NULL,
  session_id uuid,
  met_at timestamp(3) with time zone NOT NULL DEFAULT now(),
  content_index bytea,
  read_at timestamp(3) with time zone,
  CONSTRAINT key_object_pkey PRIMARY KEY (image_source, instance_index),
  CONSTRAINT key_object_session_id_fkey FOREIGN KEY (session_id) REFERENCES export_session(id),
  CONSTRAINT key_object_content_form CHECK ((length(content_index) = 32)),
  CONSTRAINT key_object_index_form CHECK ((length(instance_index) = 32)),
  CONSTRAINT key_object_of_session_has_uid CHECK (((sop_instance_uid IS NOT NULL) OR (verdict = 'left-alone'::text))),
  CONSTRAINT key_object_taken_has_session CHECK (((verdict = ANY (ARRAY['taken'::text, 'awaited'::text])) = (session_id IS NOT NULL))),
  CONSTRAINT key_object_verdict_known CHECK ((verdict = ANY (ARRAY['taken'::text, 'awaited'::text, 'left-alone'::text, 'too-old'::text, 'unreadable'::text])))
);

CREATE TABLE login (
  id_hash bytea NOT NULL,
  username text NOT NULL,
  role text NOT NULL,
  form_token text NOT NULL,
  created_at timestamp(3) with time zone NOT NULL DEFAULT now(),
  expires_at timestamp(3) with time zone NOT NULL,
  credential bytea NOT NULL,
  CONSTRAINT login_pkey PRIMARY KEY (id_hash),
  CONSTRAINT login_credential_form CHECK ((length(credential) = 32)),
  CONSTRAINT login_hash_form CHECK ((length(id_hash) = 32)),
  CONSTRAINT login_role_known CHECK ((role = ANY (ARRAY['administrator'::text, 'trial-coordinator'::text, 'reviewer'::text, 'reidentifier'::text, 'auditor'::text])))
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
  reversible boolean NOT NULL DEFAULT true,
  key_generation integer NOT NULL DEFAULT 1,
  CONSTRAINT project_name_is_unique UNIQUE (name),
  CONSTRAINT project_pkey PRIMARY KEY (id),
  CONSTRAINT project_counter_counts CHECK ((next_subject_number >= 1)),
  CONSTRAINT project_key_generation_counts CHECK ((key_generation >= 1)),
  CONSTRAINT project_kind_known CHECK ((kind = ANY (ARRAY['teaching-file'::text, 'clinical-trial'::text, 'research-collection'::text, 'publication'::text]))),
  CONSTRAINT project_name_form CHECK (((length(name) >= 1) AND (length(name) <= 200)))
);

CREATE TABLE received_instance (
  instance_index bytea NOT NULL,
  study_index bytea NOT NULL,
  series_index bytea NOT NULL,
  sop_class_uid uid NOT NULL,
  uids bytea NOT NULL,
  file uuid NOT NULL,
  file_key bytea,
  byte_length bigint NOT NULL,
  content_index bytea NOT NULL,
  received_at timestamp(3) with time zone NOT NULL DEFAULT now(),
  removed_at timestamp(3) with time zone,
  removed_because text,
  CONSTRAINT received_instance_file_is_unique UNIQUE (file),
  CONSTRAINT received_instance_pkey PRIMARY KEY (instance_index),
  CONSTRAINT received_instance_content_form CHECK ((length(content_index) = 32)),
  CONSTRAINT received_instance_index_form CHECK ((length(instance_index) = 32)),
  CONSTRAINT received_instance_length_counts CHECK ((byte_length > 0)),
  CONSTRAINT received_instance_removal_known CHECK ((removed_because = ANY (ARRAY['sessions-ended'::text, 'unclaimed'::text]))),
  CONSTRAINT received_instance_removed_has_no_key CHECK (((removed_at IS NULL) = (file_key IS NOT NULL))),
  CONSTRAINT received_instance_removed_has_reason CHECK (((removed_at IS NULL) = (removed_because IS NULL))),
  CONSTRAINT received_instance_series_form CHECK ((length(series_index) = 32)),
  CONSTRAINT received_instance_study_form CHECK ((length(study_index) = 32))
);

CREATE TABLE reidentification (
  id uuid NOT NULL,
  project_id uuid NOT NULL,
  actor_kind text NOT NULL,
  actor_name text NOT NULL,
  asked_at timestamp(3) with time zone NOT NULL DEFAULT now(),
  items integer NOT NULL,
  request bytea,
  state text NOT NULL,
  decided_by text,
  decided_at timestamp(3) with time zone,
  CONSTRAINT reidentification_pkey PRIMARY KEY (id),
  CONSTRAINT reidentification_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id),
  CONSTRAINT reidentification_actor_known CHECK ((actor_kind = ANY (ARRAY['person'::text, 'token'::text, 'system'::text]))),
  CONSTRAINT reidentification_decision_is_whole CHECK (((decided_by IS NULL) = (decided_at IS NULL))),
  CONSTRAINT reidentification_is_decided CHECK (((state <> ALL (ARRAY['approved'::text, 'declined'::text])) OR (decided_by IS NOT NULL))),
  CONSTRAINT reidentification_items_count CHECK ((items >= 1)),
  CONSTRAINT reidentification_needs_two CHECK ((decided_by IS DISTINCT FROM actor_name)),
  CONSTRAINT reidentification_state_known CHECK ((state = ANY (ARRAY['pending'::text, 'approved'::text, 'declined'::text, 'answered'::text, 'expired'::text]))),
  CONSTRAINT reidentification_waiting_has_request CHECK (((state = ANY (ARRAY['pending'::text, 'approved'::text])) = (request IS NOT NULL)))
);

CREATE TABLE rejected_instance (
  instance_index bytea NOT NULL,
  note_index bytea NOT NULL,
  document_title text NOT NULL,
  noted_at timestamp(3) with time zone NOT NULL DEFAULT now(),
  CONSTRAINT rejected_instance_pkey PRIMARY KEY (instance_index, note_index),
  CONSTRAINT rejected_instance_index_form CHECK ((length(instance_index) = 32)),
  CONSTRAINT rejected_instance_note_form CHECK ((length(note_index) = 32)),
  CONSTRAINT rejected_instance_title_known CHECK ((document_title = ANY (ARRAY['113001'::text, '113037'::text, '113038'::text, '113039'::text])))
);

CREATE TABLE review_decision (
  id uuid NOT NULL,
  project_id uuid NOT NULL,
  text_index bytea NOT NULL,
  text bytea,
  decision text NOT NULL,
  replacement bytea,
  decided_by text NOT NULL,
  decided_at timestamp(3) with time zone NOT NULL DEFAULT now(),
  revoked_by text,
  revoked_at timestamp(3) with time zone,
  CONSTRAINT review_decision_pkey PRIMARY KEY (id),
  CONSTRAINT review_decision_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id),
  CONSTRAINT review_decision_edit_has_replacement CHECK (((decision = 'edit'::text) = (replacement IS NOT NULL))),
  CONSTRAINT review_decision_index_form CHECK ((length(text_index) = 32)),
  CONSTRAINT review_decision_known CHECK ((decision = ANY (ARRAY['accept'::text, 'edit'::text, 'keep'::text, 'remove'::text]))),
  CONSTRAINT review_decision_revocation_is_whole CHECK (((revoked_by IS NULL) = (revoked_at IS NULL)))
);

CREATE TABLE session_approval (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  session_id uuid NOT NULL,
  approved_by text NOT NULL,
  approved_at timestamp(3) with time zone NOT NULL DEFAULT now(),
  CONSTRAINT session_approval_pkey PRIMARY KEY (id),
  CONSTRAINT session_approval_session_id_fkey FOREIGN KEY (session_id) REFERENCES export_session(id)
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
  note bytea,
  CONSTRAINT session_event_pkey PRIMARY KEY (id),
  CONSTRAINT session_event_session_id_fkey FOREIGN KEY (session_id) REFERENCES export_session(id)
);

CREATE TABLE session_finding (
  id uuid NOT NULL,
  session_id uuid NOT NULL,
  kind text NOT NULL,
  reason text NOT NULL,
  paths text[] NOT NULL,
  instances integer NOT NULL,
  text_index bytea,
  text bytea,
  decision_id uuid,
  seen_by text,
  seen_at timestamp(3) with time zone,
  seen_instances integer,
  pixels bytea,
  seen_pixels bytea,
  CONSTRAINT session_finding_pkey PRIMARY KEY (id),
  CONSTRAINT session_finding_decision_id_fkey FOREIGN KEY (decision_id) REFERENCES review_decision(id),
  CONSTRAINT session_finding_session_id_fkey FOREIGN KEY (session_id) REFERENCES export_session(id),
  CONSTRAINT session_finding_counts CHECK ((instances > 0)),
  CONSTRAINT session_finding_index_form CHECK ((length(text_index) = 32)),
  CONSTRAINT session_finding_kind_known CHECK ((kind = ANY (ARRAY['text'::text, 'pixel'::text]))),
  CONSTRAINT session_finding_pixels_form CHECK ((length(pixels) = 32)),
  CONSTRAINT session_finding_pixels_of_pixel CHECK (((kind = 'pixel'::text) OR ((pixels IS NULL) AND (seen_pixels IS NULL)))),
  CONSTRAINT session_finding_seen_is_pixel CHECK (((kind = 'pixel'::text) OR (seen_by IS NULL))),
  CONSTRAINT session_finding_seen_is_whole CHECK ((((seen_by IS NULL) = (seen_at IS NULL)) AND ((seen_by IS NULL) = (seen_instances IS NULL)))),
  CONSTRAINT session_finding_seen_pixels_form CHECK ((length(seen_pixels) = 32)),
  CONSTRAINT session_finding_text_is_sealed CHECK ((((kind = 'text'::text) = (text_index IS NOT NULL)) AND ((kind = 'text'::text) = (text IS NOT NULL))))
);

CREATE TABLE session_instance (
  session_id uuid NOT NULL,
  ordinal integer NOT NULL,
  sop_class_uid uid,
  source bytea,
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
  source_index bytea,
  added boolean NOT NULL DEFAULT false,
  CONSTRAINT session_instance_pkey PRIMARY KEY (session_id, ordinal),
  CONSTRAINT session_instance_session_id_fkey FOREIGN KEY (session_id) REFERENCES export_session(id),
  CONSTRAINT session_instance_delivered_has_time CHECK (((state = 'delivered'::text) = (delivered_at IS NOT NULL))),
  CONSTRAINT session_instance_length_counts CHECK ((byte_length >= 0)),
  CONSTRAINT session_instance_ordinal_counts CHECK ((ordinal >= 0)),
  CONSTRAINT session_instance_quarantined_has_reason CHECK (((state <> 'quarantined'::text) OR (reason_code IS NOT NULL))),
  CONSTRAINT session_instance_reason_is_whole CHECK ((((reason_code IS NULL) = (reason_message IS NULL)) AND ((reason_remedy IS NULL) OR (reason_code IS NOT NULL)))),
  CONSTRAINT session_instance_selected_is_not_planned CHECK (((state = 'selected'::text) = (planned_at IS NULL))),
  CONSTRAINT session_instance_sha256_form CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text)),
  CONSTRAINT session_instance_source_index_form CHECK ((length(source_index) = 32)),
  CONSTRAINT session_instance_state_known CHECK ((state = ANY (ARRAY['selected'::text, 'missing'::text, 'planned'::text, 'quarantined'::text, 'delivered'::text]))),
  CONSTRAINT session_instance_status_of_delivered CHECK (((state = 'delivered'::text) OR ((status IS NULL) AND (warning_reason IS NULL)))),
  CONSTRAINT session_instance_target_is_whole CHECK ((((target_study_instance_uid IS NULL) = (target_sop_instance_uid IS NULL)) AND ((target_series_instance_uid IS NULL) = (target_sop_instance_uid IS NULL)))),
  CONSTRAINT session_instance_target_when_planned CHECK (((state = ANY (ARRAY['planned'::text, 'delivered'::text])) = (target_sop_instance_uid IS NOT NULL)))
);

CREATE TABLE session_plan_context (
  session_id uuid NOT NULL,
  context bytea NOT NULL,
  CONSTRAINT session_plan_context_pkey PRIMARY KEY (session_id),
  CONSTRAINT session_plan_context_session_id_fkey FOREIGN KEY (session_id) REFERENCES export_session(id)
);

CREATE TABLE session_trial (
  session_id uuid NOT NULL,
  subject_id text,
  patient_index bytea,
  time_points jsonb NOT NULL DEFAULT '[]'::jsonb,
  CONSTRAINT session_trial_pkey PRIMARY KEY (session_id),
  CONSTRAINT session_trial_session_id_fkey FOREIGN KEY (session_id) REFERENCES export_session(id),
  CONSTRAINT session_trial_index_form CHECK ((length(patient_index) = 32)),
  CONSTRAINT session_trial_waits_for_a_subject CHECK (((subject_id IS NULL) = (patient_index IS NOT NULL)))
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
  number integer,
  code text NOT NULL,
  patient bytea,
  created_at timestamp(3) with time zone NOT NULL DEFAULT now(),
  subject_id text,
  arm text,
  site text,
  merged_into text,
  CONSTRAINT subject_code_is_unique UNIQUE (project_id, code),
  CONSTRAINT subject_number_is_unique UNIQUE (project_id, number),
  CONSTRAINT subject_pkey PRIMARY KEY (project_id, patient_index),
  CONSTRAINT subject_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id),
  CONSTRAINT subject_id_form CHECK (((length(subject_id) >= 1) AND (length(subject_id) <= 64))),
  CONSTRAINT subject_index_form CHECK ((length(patient_index) = 32)),
  CONSTRAINT subject_is_not_merged_into_itself CHECK ((merged_into <> code)),
  CONSTRAINT subject_number_counts CHECK ((number >= 1))
);

CREATE TABLE subject_assignment (
  project_id uuid NOT NULL,
  patient_index bytea NOT NULL,
  subject_id text NOT NULL,
  arm text,
  site text,
  assigned_by text NOT NULL,
  assigned_at timestamp(3) with time zone NOT NULL DEFAULT now(),
  CONSTRAINT subject_assignment_id_is_unique UNIQUE (project_id, subject_id),
  CONSTRAINT subject_assignment_pkey PRIMARY KEY (project_id, patient_index),
  CONSTRAINT subject_assignment_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id),
  CONSTRAINT subject_assignment_id_form CHECK (((length(subject_id) >= 1) AND (length(subject_id) <= 64))),
  CONSTRAINT subject_assignment_index_form CHECK ((length(patient_index) = 32))
);

CREATE TABLE subject_event (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  project_id uuid NOT NULL,
  code text NOT NULL,
  event text NOT NULL,
  was text NOT NULL,
  became text NOT NULL,
  by text NOT NULL,
  at timestamp(3) with time zone NOT NULL DEFAULT now(),
  CONSTRAINT subject_event_pkey PRIMARY KEY (id),
  CONSTRAINT subject_event_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id),
  CONSTRAINT subject_event_known CHECK ((event = ANY (ARRAY['replaced'::text, 'merged'::text])))
);

CREATE TABLE teaching_file_information (
  session_id uuid NOT NULL,
  information bytea,
  series_instance_uid uid NOT NULL,
  sop_instance_uid uid NOT NULL,
  written_by text NOT NULL,
  written_at timestamp(3) with time zone NOT NULL DEFAULT now(),
  CONSTRAINT teaching_file_information_pkey PRIMARY KEY (session_id),
  CONSTRAINT teaching_file_information_session_id_fkey FOREIGN KEY (session_id) REFERENCES export_session(id)
);

CREATE TABLE trial_study (
  project_id uuid NOT NULL,
  study_instance_uid uid NOT NULL,
  code text NOT NULL,
  moved_date text NOT NULL,
  time_point text,
  assigned_by text,
  assigned_at timestamp(3) with time zone,
  CONSTRAINT trial_study_pkey PRIMARY KEY (project_id, study_instance_uid),
  CONSTRAINT trial_study_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id),
  CONSTRAINT trial_study_assignment_is_whole CHECK ((((time_point IS NULL) = (assigned_at IS NULL)) AND ((time_point IS NULL) = (assigned_by IS NULL)))),
  CONSTRAINT trial_study_date_form CHECK ((moved_date ~ '^([0-9]{8})?$'::text)),
  CONSTRAINT trial_study_time_point_form CHECK (((length(time_point) >= 1) AND (length(time_point) <= 64)))
);

CREATE TABLE uid_mapping (
  project_id uuid NOT NULL,
  source_index bytea NOT NULL,
  kind text NOT NULL,
  source bytea NOT NULL,
  target uid NOT NULL,
  created_at timestamp(3) with time zone NOT NULL DEFAULT now(),
  subject text,
  used_at timestamp(3) with time zone NOT NULL DEFAULT now(),
  CONSTRAINT uid_mapping_target_is_unique UNIQUE (project_id, target),
  CONSTRAINT uid_mapping_pkey PRIMARY KEY (project_id, source_index),
  CONSTRAINT uid_mapping_project_id_fkey FOREIGN KEY (project_id) REFERENCES project(id),
  CONSTRAINT uid_mapping_index_form CHECK ((length(source_index) = 32)),
  CONSTRAINT uid_mapping_kind_known CHECK ((kind = ANY (ARRAY['study'::text, 'series'::text, 'instance'::text, 'frame-of-reference'::text, 'other'::text])))
);

CREATE INDEX audit_event_by_actor ON public.audit_event USING btree (actor_name, id DESC);

CREATE INDEX audit_event_by_event ON public.audit_event USING btree (event, id DESC);

CREATE INDEX audit_event_by_session ON public.audit_event USING btree (session_id, id DESC);

CREATE INDEX audit_event_by_time ON public.audit_event USING btree (at, id);

CREATE INDEX export_session_by_project ON public.export_session USING btree (project_id, updated_at DESC, id DESC);

CREATE INDEX export_session_by_state ON public.export_session USING btree (state, updated_at DESC, id DESC);

CREATE INDEX export_session_by_subject ON public.export_session USING btree (project_id, subject) WHERE (subject IS NOT NULL);

CREATE INDEX export_session_by_update ON public.export_session USING btree (updated_at DESC, id DESC);

CREATE INDEX export_session_of_patient ON public.export_session USING btree (patient_index, state);

CREATE INDEX export_session_of_selection ON public.export_session USING btree (selection_id);

CREATE INDEX key_object_of_session ON public.key_object USING btree (session_id);

CREATE INDEX received_instance_by_age ON public.received_instance USING btree (received_at) WHERE (removed_at IS NULL);

CREATE INDEX received_instance_of_study ON public.received_instance USING btree (study_index) WHERE (removed_at IS NULL);

CREATE INDEX reidentification_by_actor ON public.reidentification USING btree (actor_kind, actor_name, asked_at);

CREATE INDEX reidentification_waiting ON public.reidentification USING btree (project_id, asked_at) WHERE (request IS NOT NULL);

CREATE INDEX review_decision_by_time ON public.review_decision USING btree (project_id, decided_at DESC, id DESC);

CREATE INDEX session_approval_of_session ON public.session_approval USING btree (session_id, id);

CREATE INDEX session_event_of_session ON public.session_event USING btree (session_id, id);

CREATE INDEX session_instance_by_source ON public.session_instance USING btree (source_index) WHERE (source_index IS NOT NULL);

CREATE INDEX subject_by_time ON public.subject USING btree (project_id, created_at, code);

CREATE INDEX subject_event_by_former_id ON public.subject_event USING btree (project_id, was);

CREATE INDEX subject_event_of_subject ON public.subject_event USING btree (project_id, code, id);

CREATE INDEX trial_study_of_subject ON public.trial_study USING btree (project_id, code);

CREATE INDEX uid_mapping_by_use ON public.uid_mapping USING brin (used_at);

CREATE INDEX uid_mapping_study_of_subject ON public.uid_mapping USING btree (project_id, subject) WHERE (kind = 'study'::text);

CREATE UNIQUE INDEX review_decision_that_stands ON public.review_decision USING btree (project_id, text_index) WHERE (revoked_at IS NULL);

CREATE UNIQUE INDEX session_finding_of_pixels ON public.session_finding USING btree (session_id, reason) WHERE (kind = 'pixel'::text);

CREATE UNIQUE INDEX session_finding_of_text ON public.session_finding USING btree (session_id, text_index) WHERE (kind = 'text'::text);

CREATE UNIQUE INDEX subject_id_is_unique ON public.subject USING btree (project_id, subject_id);

CREATE OR REPLACE FUNCTION public.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$function$;

CREATE OR REPLACE FUNCTION public.refuse_change_but_erasure()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.note IS NULL AND to_jsonb(NEW) - 'note' = to_jsonb(OLD) - 'note' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$function$;

CREATE OR REPLACE FUNCTION public.refuse_change_but_reduction()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.erasure IS NULL AND NEW.erasure IS NOT NULL
    AND to_jsonb(NEW) - 'message' - 'erasure' = to_jsonb(OLD) - 'message' - 'erasure' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$function$;

CREATE TRIGGER audit_delivery_is_append_only BEFORE DELETE OR UPDATE ON public.audit_delivery FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_delivery_is_not_emptied BEFORE TRUNCATE ON public.audit_delivery FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_event_is_append_only BEFORE DELETE OR UPDATE ON public.audit_event FOR EACH ROW EXECUTE FUNCTION refuse_change_but_reduction();

CREATE TRIGGER audit_event_is_not_emptied BEFORE TRUNCATE ON public.audit_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER delivery_receipt_is_append_only BEFORE DELETE OR UPDATE ON public.delivery_receipt FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER delivery_receipt_is_not_emptied BEFORE TRUNCATE ON public.delivery_receipt FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER session_event_is_append_only BEFORE DELETE OR UPDATE ON public.session_event FOR EACH ROW EXECUTE FUNCTION refuse_change_but_erasure();

CREATE TRIGGER session_event_is_not_emptied BEFORE TRUNCATE ON public.session_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
