-- What was done, by whom, to which export. The message (PS3.15 A.5) names the real patient and is sealed.
CREATE TABLE audit_event (
  -- From 1, without gaps, in the order of commits.
  id bigint PRIMARY KEY CONSTRAINT audit_event_id_counts CHECK (id >= 1),
  at timestamptz(3) NOT NULL,
  event text NOT NULL,
  event_id text NOT NULL,
  event_meaning text NOT NULL,
  action text NOT NULL CONSTRAINT audit_event_action_known CHECK (action IN ('C', 'R', 'U', 'D', 'E')),
  outcome smallint NOT NULL CONSTRAINT audit_event_outcome_known CHECK (outcome IN (0, 4, 8, 12)),
  actor_kind text NOT NULL CONSTRAINT audit_event_actor_known CHECK (actor_kind IN ('person', 'token', 'system')),
  actor_name text NOT NULL,
  -- No reference: the trail outlives what it tells of.
  session_id uuid,
  project text,
  message bytea NOT NULL,
  -- Keyed digest of the row before and of this row: a changed or missing row breaks the chain.
  chain bytea NOT NULL CONSTRAINT audit_event_chain_form CHECK (length(chain) = 32)
);
CREATE INDEX audit_event_by_event ON audit_event (event, id DESC);
CREATE INDEX audit_event_by_actor ON audit_event (actor_name, id DESC);
CREATE INDEX audit_event_by_session ON audit_event (session_id, id DESC);
CREATE INDEX audit_event_by_time ON audit_event (at, id);

CREATE TRIGGER audit_event_is_append_only
  BEFORE UPDATE OR DELETE ON audit_event FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_event_is_not_emptied
  BEFORE TRUNCATE ON audit_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Events that the audit repository has: always all up to one of them.
CREATE TABLE audit_delivery (
  event_id bigint PRIMARY KEY REFERENCES audit_event (id),
  sent_at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE TRIGGER audit_delivery_is_append_only
  BEFORE UPDATE OR DELETE ON audit_delivery FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_delivery_is_not_emptied
  BEFORE TRUNCATE ON audit_delivery FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Keyed digest of the configuration that the last start had, to tell that it changed.
CREATE TABLE audited_configuration (
  id smallint PRIMARY KEY DEFAULT 1 CONSTRAINT audited_configuration_is_one CHECK (id = 1),
  digest bytea NOT NULL CONSTRAINT audited_configuration_digest_form CHECK (length(digest) = 32)
);
