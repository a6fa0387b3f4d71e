/** A coded value of an audit message: PS3.15 A.5.1.1, CodedValueType. */
export interface AuditCode {
  readonly code: string;
  readonly codeSystemName: string;
  /** The code meaning. */
  readonly originalText: string;
}

const dcm = (code: string, originalText: string): AuditCode => ({ code, codeSystemName: 'DCM', originalText });
const rfc3881 = (code: string, originalText: string): AuditCode => ({ code, codeSystemName: 'RFC-3881', originalText });

// PS3.16 CID 400, Audit Event ID.
export const EventID = {
  ApplicationActivity: dcm('110100', 'Application Activity'),
  AuditLogUsed: dcm('110101', 'Audit Log Used'),
  InstancesAccessed: dcm('110103', 'DICOM Instances Accessed'),
  InstancesTransferred: dcm('110104', 'DICOM Instances Transferred'),
  StudyDeleted: dcm('110105', 'DICOM Study Deleted'),
  Export: dcm('110106', 'Export'),
  Query: dcm('110112', 'Query'),
  SecurityAlert: dcm('110113', 'Security Alert'),
  UserAuthentication: dcm('110114', 'User Authentication'),
} as const;

// PS3.16 CID 401 and 403, Audit Event Type.
export const EventType = {
  ApplicationStart: dcm('110120', 'Application Start'),
  ApplicationStop: dcm('110121', 'Application Stop'),
  Login: dcm('110122', 'Login'),
  Logout: dcm('110123', 'Logout'),
  NodeAuthentication: dcm('110126', 'Node Authentication'),
  SoftwareConfiguration: dcm('110131', 'Software Configuration'),
  UseOfRestrictedFunction: dcm('110132', 'Use of Restricted Function'),
  ObjectSecurityAttributesChanged: dcm('110135', 'Object Security Attributes Changed'),
  UserSecurityAttributesChanged: dcm('110137', 'User Security Attributes Changed'),
} as const;

// PS3.16 CID 402, Audit Active Participant Role ID.
export const Role = {
  Application: dcm('110150', 'Application'),
  Destination: dcm('110152', 'Destination Role ID'),
  Source: dcm('110153', 'Source Role ID'),
  DestinationMedia: dcm('110154', 'Destination Media'),
} as const;

/** PS3.16 CID 405, Media Type. */
export const MEDIA_URI = dcm('110037', 'URI');

// PS3.16 CID 404, Audit Participant Object ID Type, with the values of RFC 3881 5.5.4 that it names.
export const ObjectIDType = {
  PatientNumber: rfc3881('2', 'Patient Number'),
  UserIdentifier: rfc3881('11', 'User Identifier'),
  URI: rfc3881('12', 'URI'),
  StudyInstanceUID: dcm('110180', 'Study Instance UID'),
  SOPClassUID: dcm('110181', 'SOP Class UID'),
  NodeID: dcm('110182', 'Node ID'),
} as const;
