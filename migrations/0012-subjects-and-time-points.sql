-- Subject IDs that are given, replaced and merged, and the time points of studies. Nothing here names a patient: what
-- stands for one is a keyed index or the code.

-- NULL: it was given, and not counted.
ALTER TABLE subject ALTER COLUMN number DROP NOT NULL;
ALTER TABLE subject
  -- Clinical Trial Subject ID of what leaves from now on, where it is not the code any more. The code stays, and with it
  -- Patient ID, dates and whatever was sent.
  ADD COLUMN subject_id text CONSTRAINT subject_id_form CHECK (length(subject_id) BETWEEN 1 AND 64),
  ADD COLUMN arm text,
  ADD COLUMN site text,
  -- Turned out to be the patient of this code.
  ADD COLUMN merged_into text CONSTRAINT subject_is_not_merged_into_itself CHECK (merged_into <> code);
CREATE UNIQUE INDEX subject_id_is_unique ON subject (project_id, subject_id);
CREATE INDEX subject_by_time ON subject (project_id, created_at, code);

-- Given to patients of whom nothing was exported yet.
CREATE TABLE subject_assignment (
  project_id uuid NOT NULL REFERENCES project (id),
  patient_index bytea NOT NULL CONSTRAINT subject_assignment_index_form CHECK (length(patient_index) = 32),
  subject_id text NOT NULL CONSTRAINT subject_assignment_id_form CHECK (length(subject_id) BETWEEN 1 AND 64),
  arm text,
  site text,
  assigned_by text NOT NULL,
  assigned_at timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (project_id, patient_index),
  CONSTRAINT subject_assignment_id_is_unique UNIQUE (project_id, subject_id)
);

CREATE TABLE subject_event (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  project_id uuid NOT NULL REFERENCES project (id),
  code text NOT NULL,
  event text NOT NULL CONSTRAINT subject_event_known CHECK (event IN ('replaced', 'merged')),
  -- Subject IDs.
  was text NOT NULL,
  became text NOT NULL,
  by text NOT NULL,
  at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE INDEX subject_event_of_subject ON subject_event (project_id, code, id);
CREATE INDEX subject_event_by_former_id ON subject_event (project_id, was);

CREATE TABLE trial_study (
  project_id uuid NOT NULL REFERENCES project (id),
  -- The new one.
  study_instance_uid uid NOT NULL,
  code text NOT NULL,
  -- As the patient's dates move: it tells the order of studies, and not when they were.
  moved_date text NOT NULL CONSTRAINT trial_study_date_form CHECK (moved_date ~ '^([0-9]{8})?$'),
  time_point text CONSTRAINT trial_study_time_point_form CHECK (length(time_point) BETWEEN 1 AND 64),
  assigned_by text,
  assigned_at timestamptz(3),
  PRIMARY KEY (project_id, study_instance_uid),
  CONSTRAINT trial_study_assignment_is_whole
    CHECK ((time_point IS NULL) = (assigned_at IS NULL) AND (time_point IS NULL) = (assigned_by IS NULL))
);
CREATE INDEX trial_study_of_subject ON trial_study (project_id, code);

-- As the session was planned: sending it does the same, whatever was replaced meanwhile.
CREATE TABLE session_trial (
  session_id uuid PRIMARY KEY REFERENCES export_session (id),
  -- NULL: none was known.
  subject_id text,
  -- Of a patient without a subject ID, so that one can be given to who the session is about.
  patient_index bytea CONSTRAINT session_trial_index_form CHECK (length(patient_index) = 32),
  -- [{study, timePoint, proposal}], by new Study Instance UID.
  time_points jsonb NOT NULL DEFAULT '[]',
  CONSTRAINT session_trial_waits_for_a_subject CHECK ((subject_id IS NULL) = (patient_index IS NOT NULL))
);
