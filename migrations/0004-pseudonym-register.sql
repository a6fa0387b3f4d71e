CREATE TABLE subject (
  project_id uuid NOT NULL REFERENCES project (id),
  patient_index bytea NOT NULL CONSTRAINT subject_index_form CHECK (length(patient_index) = 32),
  number integer NOT NULL CONSTRAINT subject_number_counts CHECK (number >= 1),
  code text NOT NULL,
  -- Sealed: the identity, for an authorised way back.
  patient bytea NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (project_id, patient_index),
  CONSTRAINT subject_number_is_unique UNIQUE (project_id, number),
  CONSTRAINT subject_code_is_unique UNIQUE (project_id, code)
);

CREATE TABLE uid_mapping (
  project_id uuid NOT NULL REFERENCES project (id),
  source_index bytea NOT NULL CONSTRAINT uid_mapping_index_form CHECK (length(source_index) = 32),
  kind text NOT NULL CONSTRAINT uid_mapping_kind_known CHECK (kind IN ('study', 'series', 'instance', 'other')),
  -- Sealed.
  source bytea NOT NULL,
  target uid NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (project_id, source_index),
  CONSTRAINT uid_mapping_target_is_unique UNIQUE (project_id, target)
);
