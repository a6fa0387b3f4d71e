-- What leads back to the source is kept for reversible projects only, and as long as they say. Erased, never moved.

ALTER TABLE project
  ADD COLUMN reversible boolean NOT NULL DEFAULT true,
  -- One more each time that its keys were destroyed: other keys, another pseudonym domain.
  ADD COLUMN key_generation integer NOT NULL DEFAULT 1
    CONSTRAINT project_key_generation_counts CHECK (key_generation >= 1);

-- NULL: of an irreversible project, or purged. The keyed index stays, so that the patient keeps the code.
ALTER TABLE subject ALTER COLUMN patient DROP NOT NULL;

-- NULL: erased when the session ended, or later.
ALTER TABLE export_session
  ALTER COLUMN selection DROP NOT NULL,
  ADD CONSTRAINT export_session_selection_until_end
    CHECK (selection IS NOT NULL OR state IN ('completed', 'rejected', 'cancelled', 'superseded'));
ALTER TABLE session_instance ALTER COLUMN source DROP NOT NULL;

-- Met, and of no session any more: only the keyed index stays, so that the document is not exported once more.
ALTER TABLE key_object
  ALTER COLUMN sop_instance_uid DROP NOT NULL,
  ADD CONSTRAINT key_object_of_session_has_uid CHECK (sop_instance_uid IS NOT NULL OR verdict = 'left-alone');

-- Found again by its keyed index alone.
ALTER TABLE review_decision ALTER COLUMN text DROP NOT NULL;

ALTER TABLE uid_mapping
  DROP CONSTRAINT uid_mapping_kind_known,
  ADD CONSTRAINT uid_mapping_kind_known
    CHECK (kind IN ('study', 'series', 'instance', 'frame-of-reference', 'other'));

-- The timeline stays append-only but for this: what a person wrote can be taken out of it.
CREATE FUNCTION refuse_change_but_erasure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.note IS NULL AND to_jsonb(NEW) - 'note' = to_jsonb(OLD) - 'note' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
DROP TRIGGER session_event_is_append_only ON session_event;
CREATE TRIGGER session_event_is_append_only
  BEFORE UPDATE OR DELETE ON session_event FOR EACH ROW EXECUTE FUNCTION refuse_change_but_erasure();

-- The audit trail stays append-only but for this: a message can be replaced, once, by itself without patient and study.
-- Keyed digest of the row as it is since then; the chain goes on over the digest of the row as it was written.
ALTER TABLE audit_event
  ADD COLUMN erasure bytea CONSTRAINT audit_event_erasure_form CHECK (length(erasure) = 32);
CREATE FUNCTION refuse_change_but_reduction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.erasure IS NULL AND NEW.erasure IS NOT NULL
    AND to_jsonb(NEW) - 'message' - 'erasure' = to_jsonb(OLD) - 'message' - 'erasure' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
DROP TRIGGER audit_event_is_append_only ON audit_event;
CREATE TRIGGER audit_event_is_append_only
  BEFORE UPDATE OR DELETE ON audit_event FOR EACH ROW EXECUTE FUNCTION refuse_change_but_reduction();
