import type { Log } from '../base/log';
import type { Deidentifier, Pseudonyms } from '../deidentification/deidentifier';
import { personName } from '../deidentification/dummies';
import type { CodedConcept } from '../dicom/coded-concept';
import type { Verifier } from '../verification/verifier';
import type { ImageSource, Receiver } from './ports';
import type { Project, SessionStore } from './store-port';

/** How one project de-identifies: made once from its settings. */
export interface ProjectPolicy {
  readonly edition: string;
  readonly options: readonly string[];
  readonly deidentifier: Deidentifier;
  readonly verifier: Verifier;
  /** What the manifest says of itself. */
  readonly manifest: {
    readonly contentDate: string;
    readonly contentTime: string;
    readonly studyDate: string;
    readonly studyTime: string;
    readonly studyID: string;
    readonly deidentificationMethod: string;
    readonly methodCodes: readonly CodedConcept[];
    readonly longitudinalTemporalInformation: 'REMOVED' | 'MODIFIED' | 'UNMODIFIED';
  };
  /** Fixed values by attribute that replace the pseudonym in what leaves, for example PatientName. */
  readonly constants: { readonly PatientName?: string; readonly PatientID?: string };
}

export interface FlowDeps {
  readonly store: SessionStore;
  imageSource(name: string): ImageSource | undefined;
  receiver(name: string): Receiver | undefined;
  policy(project: Project): ProjectPolicy;
  /** UIDs of the project's pseudonym domain. */
  uidOf(project: Project): (source: string) => string;
  readonly now: () => Date;
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
  readonly log: Log;
  /** Instances on their way at the same time. */
  readonly lanes: number;
}

export function pseudonymsFor(code: string, policy: ProjectPolicy, uid: (source: string) => string): Pseudonyms {
  return {
    PatientID: policy.constants.PatientID ?? code,
    PatientName: personName(policy.constants.PatientName ?? code),
    uid,
  };
}
