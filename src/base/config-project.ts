import { z } from 'zod';
import { subjectsSchema, trialSchema } from './config-trial';
import { parseDuration } from './duration';

/* One entry of `projects:`, in the configuration and as a file of its own. */

export const name = z.string().trim().min(1, 'must not be empty').max(64, 'has more than 64 characters');
export const duration = z.string().transform((text, context) => {
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined || milliseconds === 0) {
    context.addIssue({ code: 'custom', message: 'is no duration such as 10s, 5m, 30d' });
    return z.NEVER;
  }
  return milliseconds;
});

/** A document title, as `113004^DCM` or as a group of its two keys. */
const titleCode = z
  .union(
    [
      z
        .string()
        .trim()
        .regex(/^[^^\\]{1,16}\^[^^\\]{1,16}$/, 'must be a code such as 113004^DCM'),
      z.strictObject({
        CodeValue: z.string().trim().min(1).max(16),
        CodingSchemeDesignator: z.string().trim().min(1).max(16),
      }),
    ],
    'must be a code such as 113004^DCM',
  )
  .transform((code) => {
    if (typeof code !== 'string') return code;
    const [CodeValue = '', CodingSchemeDesignator = ''] = code.split('^');
    return { CodeValue, CodingSchemeDesignator };
  });

export const KINDS = ['teaching-file', 'clinical-trial', 'research-collection', 'publication'] as const;
/** A variable of the environment is a text. */
const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);

/** How a project de-identifies, as people write it. */
export const deidentificationSchema = z
  .strictObject({
    preset: z.string().optional(),
    options: z.array(z.string()).default([]),
    withoutOptions: z.array(z.string()).default([]),
    overrides: z
      .array(z.strictObject({ attribute: z.string(), action: z.string(), value: z.string().optional() }))
      .default([]),
    keepWeekday: flag.default(false),
    /** Author, affiliation and contact of teaching file information leave. */
    keepAuthor: flag.default(false),
    /** `keep`: the house has looked at them; their bytes leave as they are. */
    encapsulatedDocuments: z.enum(['quarantine', 'keep']).default('quarantine'),
    constants: z.record(z.string(), z.string().max(64)).default({}),
  })
  .prefault({});

export const projectSchema = z.strictObject({
  name,
  kind: z.enum(KINDS),
  dispositions: z.array(z.string().trim().min(1)).default([]),
  documentTitles: z.array(titleCode).default([]),
  imageSources: z.array(name).optional(),
  receiver: name.optional(),
  receivers: z.array(name).default([]),
  releaseOn: z.array(z.enum(['final-report'])).default([]),
  rejectQualityToo: z.boolean().default(false),
  addUnreferencedInformation: flag.default(false),
  /** A set may leave without what is held back, and without what is still missing after a while. */
  partial: z.boolean().default(false),
  waitForMissing: duration.prefault('1h'),
  deidentification: deidentificationSchema,
  /** Left out: as kind and preset promise. */
  reversible: flag.optional(),
  retention: z.strictObject({ identity: duration.optional() }).prefault({}),
  reidentification: z.strictObject({ fourEyes: flag.default(false) }).prefault({}),
  review: z.enum(['on-findings', 'always', 'never']).default('on-findings'),
  clinicalTrial: trialSchema.optional(),
  subjects: subjectsSchema,
});

export interface DeidentificationSettings {
  readonly preset?: string;
  readonly options: readonly string[];
  readonly withoutOptions: readonly string[];
  readonly overrides: readonly { readonly attribute: string; readonly action: string; readonly value?: string }[];
  /** Replacement values by attribute keyword. */
  readonly constants: Readonly<Record<string, string>>;
  readonly keepWeekday: boolean;
  readonly keepAuthor: boolean;
  readonly encapsulatedDocuments: 'quarantine' | 'keep';
}
