import { z } from 'zod';
import { field, select } from './config-tree';

/*
 * What a project says of its clinical trial and of its subjects. Which key needs which other, and what a value may hold,
 * is known where the attributes are made.
 */

/** PS3.5 6.2: LO has 64 characters. */
const lo = z.string().trim().min(1, 'must not be empty').max(64, 'has more than 64 characters');
const date = z
  .string()
  .trim()
  .transform((text) => text.replace(/^(\d{4})-(\d{2})-(\d{2})$/, '$1$2$3'));

const timePoint = z.union([
  lo.transform((id) => ({ id })),
  z.strictObject({
    id: lo,
    description: z.string().trim().min(1).optional(),
    types: z.array(z.string()).optional(),
    offsetDays: z.coerce.number().optional(),
    event: z.string().optional(),
  }),
]);

export const trialSchema = z.strictObject({
  sponsorName: lo,
  protocolID: lo,
  issuerOfProtocolID: lo.optional(),
  otherProtocolIDs: z.array(z.strictObject({ protocolID: lo, issuer: lo })).optional(),
  protocolName: lo.optional(),
  siteID: lo.optional(),
  issuerOfSiteID: lo.optional(),
  siteName: lo.optional(),
  issuerOfSubjectID: lo.optional(),
  subjectReadingID: lo.optional(),
  issuerOfSubjectReadingID: lo.optional(),
  ethicsCommitteeName: lo.optional(),
  ethicsCommitteeApprovalNumber: lo.optional(),
  ethicsCommitteeApprovalStart: date.optional(),
  ethicsCommitteeApprovalEnd: date.optional(),
  timePointID: lo.optional(),
  timePoints: z
    .strictObject({
      list: z.array(timePoint).default([]),
      assign: z.enum(['manual', 'by-order', 'none']).default('manual'),
    })
    .optional(),
  issuerOfTimePointID: lo.optional(),
  consent: z
    .array(
      z.strictObject({
        distribution: z.enum(['NO', 'YES', 'WITHDRAWN']),
        type: z.enum(['NAMED_PROTOCOL', 'RESTRICTED_REUSE', 'PUBLIC_RELEASE']).optional(),
        protocolID: lo.optional(),
        issuerOfProtocolID: lo.optional(),
      }),
    )
    .optional(),
  coordinatingCenterName: lo.optional(),
  seriesID: lo.optional(),
  issuerOfSeriesID: lo.optional(),
  seriesDescription: lo.optional(),
});

/** PS3.3 C.7.1.3, C.7.2.3 and C.7.3.2, by the names of this product. */
export interface TrialSettings {
  readonly sponsorName: string;
  readonly protocolID: string;
  readonly issuerOfProtocolID?: string;
  readonly otherProtocolIDs?: readonly { readonly protocolID: string; readonly issuer: string }[];
  readonly protocolName?: string;
  readonly siteID?: string;
  readonly issuerOfSiteID?: string;
  readonly siteName?: string;
  readonly issuerOfSubjectID?: string;
  readonly subjectReadingID?: string;
  readonly issuerOfSubjectReadingID?: string;
  readonly ethicsCommitteeName?: string;
  readonly ethicsCommitteeApprovalNumber?: string;
  readonly ethicsCommitteeApprovalStart?: string;
  readonly ethicsCommitteeApprovalEnd?: string;
  readonly timePointID?: string;
  readonly timePoints?: {
    readonly list: readonly {
      readonly id: string;
      readonly description?: string;
      readonly types?: readonly string[];
      readonly offsetDays?: number;
      readonly event?: string;
    }[];
    readonly assign: 'manual' | 'by-order' | 'none';
  };
  readonly issuerOfTimePointID?: string;
  readonly consent?: readonly {
    readonly distribution: 'NO' | 'YES' | 'WITHDRAWN';
    readonly type?: 'NAMED_PROTOCOL' | 'RESTRICTED_REUSE' | 'PUBLIC_RELEASE';
    readonly protocolID?: string;
    readonly issuerOfProtocolID?: string;
  }[];
  readonly coordinatingCenterName?: string;
  readonly seriesID?: string;
  readonly issuerOfSeriesID?: string;
  readonly seriesDescription?: string;
}

/** One counter such as `{0000}` or one `{random:6}`, and `{site}` where it is wanted. */
const PATTERN = /^([A-Za-z0-9_. -]|\{site\})*\{(0+|random:([4-9]|1[0-6]))\}([A-Za-z0-9_. -]|\{site\})*$/;

export const subjectsSchema = z
  .strictObject({
    pattern: z
      .string()
      .max(60)
      .regex(PATTERN, 'needs one counter such as {0000}, or one {random:6} (4 to 16 characters)')
      .default('S-{0000}'),
    /** In place of the pattern: taken one after the other. */
    list: z.array(lo.regex(/^[^\\\p{Cc}]*$/u, 'holds a backslash or a control character')).default([]),
    assign: z.enum(['automatic', 'required']).default('automatic'),
  })
  .prefault({});

export interface SubjectSettings {
  readonly list: readonly string[];
  /** `required`: a session waits until a person, the API or an imported list has said it. */
  readonly assign: 'automatic' | 'required';
}

export function subjectPatternOf(pattern: string, siteID: string | undefined): string {
  return pattern.replaceAll('{site}', siteID ?? '');
}

export function checkSubjects(tree: unknown, mistakes: string[]): void {
  for (const [path, project] of select(tree, 'projects.*')) {
    const subjects = field(project, 'subjects');
    const [pattern, list] = [field(subjects, 'pattern'), field(subjects, 'list')];
    const site = field(field(project, 'clinicalTrial'), 'siteID');
    if (typeof pattern === 'string' && pattern.includes('{site}') && typeof site !== 'string') {
      mistakes.push(`${path}.subjects.pattern: {site} needs clinicalTrial.siteID`);
    }
    if (pattern !== undefined && list !== undefined) {
      mistakes.push(`${path}.subjects: pattern and list exclude each other`);
    }
    if (!Array.isArray(list)) continue;
    for (const [at, id] of list.entries()) {
      if (list.indexOf(id) < at) mistakes.push(`${path}.subjects.list[${at}]: is there twice`);
    }
    if (field(subjects, 'assign') === 'required') {
      mistakes.push(`${path}.subjects: a list is taken from automatically, and assign is required`);
    }
  }
}
