import type { Reason } from '../base/outcome';
import type { RejectionTitle } from '../selection/document-titles';
import type { SessionStore } from './store-port';

const WORDS: Readonly<Record<RejectionTitle, string>> = {
  '113001': 'for quality reasons',
  '113037': 'for patient safety reasons',
  '113038': 'because of an incorrect modality worklist entry',
  '113039': 'because its retention has expired',
};

/**
 * Of these instances those that a rejection note of an image source names, each with why (IHE RAD TF, Imaging Object
 * Change Management): they are not exported. Quality reasons count only where the project says so; poor images are
 * what some collections are about.
 */
export async function rejectedAmong<Instance extends { readonly SOPInstanceUID: string }>(
  instances: readonly Instance[],
  rejectQualityToo: boolean,
  store: Pick<SessionStore, 'rejections'>,
): Promise<ReadonlyMap<Instance, Reason>> {
  const titles = await store.rejections(instances.map((instance) => instance.SOPInstanceUID));
  const rejected = new Map<Instance, Reason>();
  for (const instance of instances) {
    const title = titles.get(instance.SOPInstanceUID)?.find((each) => rejectQualityToo || each !== '113001');
    if (title === undefined) continue;
    rejected.set(instance, {
      code: 'REJECTED_BY_IOCM',
      message: `a rejection note (${title}, DCM) of the image source rejects it ${WORDS[title]}`,
      remedy: 'Make the selection anew without it.',
    });
  }
  return rejected;
}
