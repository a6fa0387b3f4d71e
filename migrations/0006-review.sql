-- What planning a session found that a person should look at: text that is neither known to be harmless nor known to
-- identify, once for each distinct value, and what may lie in the pixels, once for each rule.
CREATE TABLE review_decision (
  id uuid PRIMARY KEY,
  project_id uuid NOT NULL REFERENCES project (id),
  text_index bytea NOT NULL CONSTRAINT review_decision_index_form CHECK (length(text_index) = 32),
  -- Sealed.
  text bytea NOT NULL,
  decision text NOT NULL CONSTRAINT review_decision_known CHECK (decision IN ('accept', 'edit', 'keep', 'remove')),
  -- Sealed.
  replacement bytea,
  decided_by text NOT NULL,
  decided_at timestamptz(3) NOT NULL DEFAULT now(),
  revoked_by text,
  revoked_at timestamptz(3),
  CONSTRAINT review_decision_edit_has_replacement CHECK ((decision = 'edit') = (replacement IS NOT NULL)),
  CONSTRAINT review_decision_revocation_is_whole CHECK ((revoked_by IS NULL) = (revoked_at IS NULL))
);

-- A value is decided on once in a project, until that is taken back.
CREATE UNIQUE INDEX review_decision_that_stands ON review_decision (project_id, text_index) WHERE revoked_at IS NULL;
CREATE INDEX review_decision_by_time ON review_decision (project_id, decided_at DESC, id DESC);

CREATE TABLE session_finding (
  id uuid PRIMARY KEY,
  session_id uuid NOT NULL REFERENCES export_session (id),
  kind text NOT NULL CONSTRAINT session_finding_kind_known CHECK (kind IN ('text', 'pixel')),
  reason text NOT NULL,
  paths text[] NOT NULL,
  instances integer NOT NULL CONSTRAINT session_finding_counts CHECK (instances > 0),
  text_index bytea CONSTRAINT session_finding_index_form CHECK (length(text_index) = 32),
  -- Sealed: the text, the proposal and the words in question.
  text bytea,
  decision_id uuid REFERENCES review_decision (id),
  -- Of pixels: who has looked at so many instances.
  seen_by text,
  seen_at timestamptz(3),
  seen_instances integer,
  CONSTRAINT session_finding_text_is_sealed
    CHECK ((kind = 'text') = (text_index IS NOT NULL) AND (kind = 'text') = (text IS NOT NULL)),
  CONSTRAINT session_finding_seen_is_whole
    CHECK ((seen_by IS NULL) = (seen_at IS NULL) AND (seen_by IS NULL) = (seen_instances IS NULL)),
  CONSTRAINT session_finding_seen_is_pixel CHECK (kind = 'pixel' OR seen_by IS NULL)
);

CREATE UNIQUE INDEX session_finding_of_text ON session_finding (session_id, text_index) WHERE kind = 'text';
CREATE UNIQUE INDEX session_finding_of_pixels ON session_finding (session_id, reason) WHERE kind = 'pixel';

CREATE TABLE session_approval (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  session_id uuid NOT NULL REFERENCES export_session (id),
  approved_by text NOT NULL,
  approved_at timestamptz(3) NOT NULL DEFAULT now()
);

CREATE INDEX session_approval_of_session ON session_approval (session_id, id);

-- With what the texts of a session were compared while it was planned, so that sending it does the same.
CREATE TABLE session_plan_context (
  session_id uuid PRIMARY KEY REFERENCES export_session (id),
  -- Sealed.
  context bytea NOT NULL
);
