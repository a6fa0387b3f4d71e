import type { ExportSession } from '../../session/export-session';
import type { InstanceLine, SessionEvent } from '../../session/store-port';

/** A session as the API gives it. Named one by one, so that a new field of the flow does not slip out by itself. */
export function sessionJson(session: ExportSession): Record<string, unknown> {
  const { counts, error } = session;
  return {
    id: session.id,
    state: session.state,
    project: session.project,
    kind: session.kind,
    documentTitle: conceptJson(session.documentTitle),
    disposition: session.disposition,
    imageSource: session.imageSource,
    receiver: session.receiver,
    counts: {
      selected: counts.selected,
      retrieved: counts.retrieved,
      deidentified: counts.deidentified,
      delivered: counts.delivered,
      refused: counts.refused,
      quarantined: counts.quarantined,
    },
    delayReasons: session.delayReasons.map(conceptJson),
    overdue: session.overdue,
    selection: session.selectionId,
    supersededBy: session.supersededBy,
    createdAt: session.createdAt.toISOString(),
    updatedAt: session.updatedAt.toISOString(),
    error:
      error === null
        ? null
        : {
            code: error.code,
            message: error.message,
            ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
            retryable: error.retryable,
          },
  };
}

function conceptJson(concept: ExportSession['documentTitle']): Record<string, string> {
  return {
    CodeValue: concept.CodeValue,
    CodingSchemeDesignator: concept.CodingSchemeDesignator,
    CodeMeaning: concept.CodeMeaning,
  };
}

export function eventJson(event: SessionEvent): Record<string, unknown> {
  return {
    at: event.at.toISOString(),
    state: event.state,
    text: event.text,
    code: event.code,
    ...(event.note === undefined ? {} : { note: event.note }),
  };
}

export function instanceJson(line: InstanceLine): Record<string, unknown> {
  return {
    ordinal: line.ordinal,
    state: line.state,
    SOPClassUID: line.SOPClassUID,
    SOPInstanceUID: line.SOPInstanceUID,
    reason: line.reason === null ? null : { code: line.reason.code, message: line.reason.message },
    byteLength: line.byteLength,
    deliveredAt: line.deliveredAt?.toISOString() ?? null,
    status: line.status,
  };
}
