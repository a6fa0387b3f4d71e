import { z } from 'zod';

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

export const subjectsSchema = z
  .strictObject({
    pattern: z
      .string()
      .max(40)
      .regex(/^[A-Za-z0-9_. -]*\{0+\}[A-Za-z0-9_. -]*$/, 'needs one counter such as {0000}')
      .default('S-{0000}'),
  })
  .prefault({});
