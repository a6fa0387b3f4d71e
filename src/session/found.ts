import { createHash } from 'node:crypto';
import type { DeidentificationPlan } from '../deidentification/deidentifier';
import type { CleanedText } from '../deidentification/free-text';
import { isPixelRisk, type VerificationFinding } from '../verification/verifier';
import type { FindingText, PlannedFinding } from './review-port';

/** Path of (113012, DCM) Key Object Description, which is one of its items. */
const CONTENT_SEQUENCE = '0040A730';
/** Of a text that stands in a thousand content items these are enough to find it. */
const MOST_PATHS = 20;

interface Sum {
  readonly reason: string;
  readonly paths: Set<string>;
  readonly text: FindingText | null;
  /** One line for each instance. */
  readonly pixels: string[];
  instances: number;
}

/** What a person should look at, added up over the instances of a session: by distinct text, and by rule on pixels. */
export class Found {
  readonly #texts = new Map<string, Sum>();
  readonly #pixels = new Map<string, Sum>();

  /** `pixels`: UID and digest, where there is a risk. */
  add(plan: DeidentificationPlan, verified: readonly VerificationFinding[], pixels?: string): void {
    const counted = new Set<Sum>();
    for (const { text, proposal, unknown, reason, path } of plan.findings ?? []) {
      count(this.#texts, text, { reason, text: { text, proposal, unknown } }, path, counted);
    }
    for (const finding of verified.filter(isPixelRisk)) {
      const { reason, path } = { reason: finding.rule, path: finding.path };
      count(this.#pixels, reason, { reason, text: null }, path, counted, pixels);
    }
  }

  /** Of the description of the manifest: nobody vouches for a word in it. */
  addDescription(text: string, { reason, proposal, unknown }: NonNullable<CleanedText['finding']>): void {
    count(this.#texts, text, { reason, text: { text, proposal, unknown } }, CONTENT_SEQUENCE, new Set());
  }

  list(): readonly PlannedFinding[] {
    const all = (kind: PlannedFinding['kind'], sums: Iterable<Sum>) =>
      [...sums].map(({ reason, paths, text, instances, pixels }) => ({
        kind,
        reason,
        paths: [...paths],
        instances,
        text,
        // In whatever order they came.
        pixels:
          kind === 'text'
            ? null
            : createHash('sha256')
                .update([...pixels].sort().join('\n'))
                .digest('hex'),
      }));
    return [...all('text', this.#texts.values()), ...all('pixel', this.#pixels.values())];
  }
}

function count(
  sums: Map<string, Sum>,
  key: string,
  about: Pick<Sum, 'reason' | 'text'>,
  path: string,
  counted: Set<Sum>,
  pixels?: string,
): void {
  let sum = sums.get(key);
  if (sum === undefined) {
    sum = { ...about, paths: new Set(), pixels: [], instances: 0 };
    sums.set(key, sum);
  }
  if (!counted.has(sum)) {
    sum.instances += 1;
    if (pixels !== undefined) sum.pixels.push(pixels);
  }
  counted.add(sum);
  if (sum.paths.size < MOST_PATHS) sum.paths.add(path);
}
