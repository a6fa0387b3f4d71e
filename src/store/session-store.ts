import type { SessionStore } from '../session/store-port';
import type { AttributeChanges } from './attribute-changes';
import type { KeyObjects } from './key-objects';
import type { SessionInstances } from './session-instances';
import type { Sessions } from './sessions';
import type { Subjects } from './subjects';
import type { UIDMappings } from './uid-mappings';

export interface Repositories {
  readonly sessions: Sessions;
  readonly instances: SessionInstances;
  readonly keyObjects: KeyObjects;
  readonly changes: AttributeChanges;
  readonly subjects: Subjects;
  readonly uids: UIDMappings;
}

/** The flow's port, each method answered by the repository that owns the table. */
export function sessionStoreOf(repositories: Repositories): SessionStore {
  const { sessions, instances, keyObjects, changes, subjects, uids } = repositories;
  return {
    unseen: (imageSource, SOPInstanceUIDs) => keyObjects.unseen(imageSource, SOPInstanceUIDs),
    markSeen: (imageSource, SOPInstanceUID, verdict) => keyObjects.markSeen(imageSource, SOPInstanceUID, verdict),
    open: (session) => sessions.open(session),
    load: (sessionId) => sessions.load(sessionId),
    instances: (sessionId) => instances.of(sessionId),
    move: (sessionId, change) => sessions.move(sessionId, change),
    assign: (sessionId, change) => sessions.assign(sessionId, change),
    stateOf: (sessionId) => sessions.stateOf(sessionId),
    recordPlanned: (sessionId, planned) => instances.recordPlanned(sessionId, planned),
    recordChanges: (sessionId, list) => changes.replace(sessionId, list),
    recordDelivered: (sessionId, delivered) => instances.recordDelivered(sessionId, delivered),
    recordRefused: (sessionId, refused) => instances.recordRefused(sessionId, refused),
    recordLost: (sessionId, ordinals) => instances.recordLost(sessionId, ordinals),
    recordUIDs: (projectId, pairs) => uids.record(projectId, pairs),
    subjectCode: (projectId, patient) => subjects.codeOf(projectId, patient),
    complete: (sessionId, receipt) => sessions.complete(sessionId, receipt),
  };
}
