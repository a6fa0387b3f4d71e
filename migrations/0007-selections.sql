-- A selection can be several sessions (one for each Receiver), wait for its copies, and take the place of another.
ALTER TABLE export_session
  -- The first session of the selection; Key Objects belong to that one.
  ADD COLUMN selection_id uuid REFERENCES export_session (id),
  ADD COLUMN superseded_by uuid REFERENCES export_session (id),
  -- Keyed index of the Patient ID: finds what a later selection of the same patient takes the place of.
  ADD COLUMN patient_index bytea CONSTRAINT export_session_patient_index_form CHECK (length(patient_index) = 32),
  ADD COLUMN reminded_at timestamptz(3),
  -- When the image source was last asked whether what the delay waits for is there.
  ADD COLUMN looked_at timestamptz(3);
UPDATE export_session SET selection_id = id;
ALTER TABLE export_session
  ALTER COLUMN selection_id SET NOT NULL,
  ADD CONSTRAINT export_session_link_of_superseded CHECK (superseded_by IS NULL OR state = 'superseded');
CREATE INDEX export_session_of_selection ON export_session (selection_id);
CREATE INDEX export_session_of_patient ON export_session (patient_index, state);

ALTER TABLE key_object
  DROP CONSTRAINT key_object_verdict_known,
  DROP CONSTRAINT key_object_taken_has_session,
  -- Keyed index of what the document says, to tell when it was replaced under its UID.
  ADD COLUMN content_index bytea CONSTRAINT key_object_content_form CHECK (length(content_index) = 32),
  ADD COLUMN read_at timestamptz(3);
ALTER TABLE key_object
  -- awaited: another document names it as its copy, and it was not met yet.
  ADD CONSTRAINT key_object_verdict_known
    CHECK (verdict IN ('taken', 'awaited', 'left-alone', 'too-old', 'unreadable')),
  ADD CONSTRAINT key_object_taken_has_session CHECK ((verdict IN ('taken', 'awaited')) = (session_id IS NOT NULL));
-- Rejection notes are among them: they are read once more.
DELETE FROM key_object WHERE verdict = 'left-alone';

-- Instances that a rejection note names (IHE RAD TF, Imaging Object Change Management), by keyed index only.
CREATE TABLE rejected_instance (
  instance_index bytea NOT NULL CONSTRAINT rejected_instance_index_form CHECK (length(instance_index) = 32),
  note_index bytea NOT NULL CONSTRAINT rejected_instance_note_form CHECK (length(note_index) = 32),
  document_title text NOT NULL
    CONSTRAINT rejected_instance_title_known CHECK (document_title IN ('113001', '113037', '113038', '113039')),
  noted_at timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (instance_index, note_index)
);

-- Sealed: what a person wrote, who may have named the patient.
ALTER TABLE session_event ADD COLUMN note bytea;
