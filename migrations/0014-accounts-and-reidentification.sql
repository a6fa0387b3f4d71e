-- People who sign in with a password of their own, beside those of the configuration.
CREATE TABLE account (
  username text PRIMARY KEY CONSTRAINT account_username_form CHECK (length(username) BETWEEN 1 AND 128),
  role text NOT NULL CONSTRAINT account_role_known
    CHECK (role IN ('administrator', 'trial-coordinator', 'reviewer', 'reidentifier', 'auditor')),
  -- Names of projects; NULL: all of them.
  projects text[],
  -- scrypt, with its salt and cost.
  password_hash text NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  changed_at timestamptz(3) NOT NULL DEFAULT now(),
  disabled_at timestamptz(3)
);

CREATE TABLE api_token (
  id uuid PRIMARY KEY,
  name text NOT NULL CONSTRAINT api_token_name_is_unique UNIQUE
    CONSTRAINT api_token_name_form CHECK (length(name) BETWEEN 1 AND 128),
  scopes text[] NOT NULL CONSTRAINT api_token_has_scope CHECK (cardinality(scopes) > 0),
  -- Names of projects; NULL: all of them.
  projects text[],
  hash bytea NOT NULL CONSTRAINT api_token_hash_is_unique UNIQUE
    CONSTRAINT api_token_hash_form CHECK (length(hash) = 32),
  created_by text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  revoked_at timestamptz(3)
);

-- Keyed digest of what the account was signed in with: another password ends the logins. Those that are open end now.
DELETE FROM login;
ALTER TABLE login
  DROP CONSTRAINT login_role_known,
  ADD CONSTRAINT login_role_known
    CHECK (role IN ('administrator', 'trial-coordinator', 'reviewer', 'reidentifier', 'auditor')),
  ADD COLUMN credential bytea NOT NULL CONSTRAINT login_credential_form CHECK (length(credential) = 32);

-- Whose UID it is. NULL: nobody's alone, such as a UID that two patients share.
ALTER TABLE uid_mapping ADD COLUMN subject text;
CREATE INDEX uid_mapping_study_of_subject ON uid_mapping (project_id, subject) WHERE kind = 'study';
CREATE INDEX export_session_by_subject ON export_session (project_id, subject) WHERE subject IS NOT NULL;

-- Who asked to be led back to patients, and what became of it. What was shown is not kept.
CREATE TABLE reidentification (
  id uuid PRIMARY KEY,
  project_id uuid NOT NULL REFERENCES project (id),
  actor_kind text NOT NULL CONSTRAINT reidentification_actor_known CHECK (actor_kind IN ('person', 'token', 'system')),
  actor_name text NOT NULL,
  asked_at timestamptz(3) NOT NULL DEFAULT now(),
  -- Pseudonyms or UIDs asked for: what each person's limit counts.
  items integer NOT NULL CONSTRAINT reidentification_items_count CHECK (items >= 1),
  -- Sealed: what was asked for, and why. NULL once it was answered.
  request bytea,
  state text NOT NULL CONSTRAINT reidentification_state_known
    CHECK (state IN ('pending', 'approved', 'declined', 'answered', 'expired')),
  decided_by text,
  decided_at timestamptz(3),
  CONSTRAINT reidentification_waiting_has_request CHECK ((state IN ('pending', 'approved')) = (request IS NOT NULL)),
  CONSTRAINT reidentification_decision_is_whole CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
  CONSTRAINT reidentification_is_decided CHECK (state NOT IN ('approved', 'declined') OR decided_by IS NOT NULL),
  CONSTRAINT reidentification_needs_two CHECK (decided_by IS DISTINCT FROM actor_name)
);
CREATE INDEX reidentification_by_actor ON reidentification (actor_kind, actor_name, asked_at);
CREATE INDEX reidentification_waiting ON reidentification (project_id, asked_at) WHERE request IS NOT NULL;
