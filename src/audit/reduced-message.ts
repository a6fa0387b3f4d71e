/** What takes the place of an identifier: an ID is mandatory (PS3.15 A.5.1.2). */
const UNKNOWN = 'unknown';
/** PS3.15 A.5.1.2.2: a patient (type 1), a study (type 2, role 3), a query (type 2, role 24). */
const OBJECT = /<ParticipantObjectIdentification\b[^>]*>.*?<\/ParticipantObjectIdentification>/gs;

/**
 * An audit message without what it says of the source: who did what and when, to how many instances of which SOP
 * Classes, and neither patient nor study. For messages of `auditMessage`, where no attribute holds a `>`.
 */
export function reducedMessage(message: string): string {
  return message.replace(OBJECT, (object) => {
    const type = attribute(object, 'ParticipantObjectTypeCode');
    const role = attribute(object, 'ParticipantObjectTypeCodeRole');
    if (type === '1' || (type === '2' && role === '3')) {
      return object.replace(/ ParticipantObjectID="[^"]*"/, ` ParticipantObjectID="${UNKNOWN}"`);
    }
    if (type === '2' && role === '24') {
      return object.replace(/<ParticipantObjectQuery>.*?<\/ParticipantObjectQuery>/s, '<ParticipantObjectQuery/>');
    }
    return object;
  });
}

function attribute(object: string, name: string): string | undefined {
  return new RegExp(` ${name}="([^"]*)"`).exec(object)?.[1];
}
