import { createReadStream, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Fault } from '../base/errors';
import type { Reason } from '../base/outcome';
import type { DeidentificationPlan, Deidentifier, PlannedChange } from '../deidentification/deidentifier';
import { personName } from '../deidentification/dummies';
import type { DeidentificationPolicy } from '../deidentification/policy';
import type { Pseudonyms } from '../deidentification/pseudonyms';
import type { DataSet } from '../dicom/data-set';
import { readPart10Bytes } from '../dicom/part10/read';
import { writePart10Bytes } from '../dicom/part10/write';
import { KEY_OBJECT_SELECTION_DOCUMENT } from '../dicom/sop-class';
import { ExplicitVRLittleEndian } from '../dicom/transfer-syntax';
import { ProjectKey } from '../pseudonymization/project-key';
import { readExportSelection } from '../selection/export-selection';
import { buildManifests } from '../selection/manifest';
import { ExportDeidentifier, valuesMeant } from '../session/export-deidentifier';
import { deidentifyInstance, openInstance } from '../session/instance-pass';
import { manifestStatement } from '../session/project-policy';
import { type SetReferences, WITH_THE_SET } from '../verification/set-references';
import { isPixelRisk, type VerificationFinding, type Verifier } from '../verification/verifier';
import { pseudonymValues, setReferencesOf, verifierOf } from '../verification/verifier-of';
import { listFiles, makeOutput, OutputNotWritable, readHeld, streamWhole, writeWhole } from './instance-files';
import { KnownByStudy } from './known-by-study';
import type { Progress } from './progress';

/** Files up to this size are held whole: one read and one write cost less than a stream; larger ones flow through. */
const HELD_BYTES = 16 * 1024 * 1024;
/** Files between two turns of the event loop, so that an interrupt is noticed. */
const FILES_A_TURN = 16;

export type InstanceOutcome = 'passed' | 'quarantined' | 'failed';

export interface InstanceReport {
  readonly input: string;
  readonly output: string | null;
  readonly outcome: InstanceOutcome;
  readonly reason: string | null;
  readonly message?: string;
  readonly warnings?: readonly string[];
  readonly sourceSOPInstanceUID: string | null;
  readonly SOPInstanceUID: string | null;
  readonly changes: readonly Pick<PlannedChange, 'path' | 'keyword' | 'action' | 'rule'>[];
  readonly findings: readonly InstanceFinding[];
}

/** Of the plan (`review`) or of the verifier. */
export interface InstanceFinding {
  readonly path: string;
  readonly rule: string;
  readonly severity: string;
}

export interface FolderCounts {
  readonly passed: number;
  readonly quarantined: number;
  readonly failed: number;
  readonly reasons: Readonly<Record<string, number>>;
  /** true: not every file was looked at. */
  readonly interrupted: boolean;
}

/** Takes each instance's report as it is made, so that a large folder does not fill the memory. */
export interface ReportSink {
  /** false: nobody reads what is added. */
  readonly wanted: boolean;
  begin(head: { readonly edition: string; readonly options: readonly string[] }): void;
  add(instance: InstanceReport): void;
  end(counts: FolderCounts): void;
}

export interface FolderJob {
  readonly input: string;
  /** null: plan only, nothing is written. */
  readonly output: string | null;
  readonly key: Uint8Array;
  readonly policy: DeidentificationPolicy;
  /** Dates move by whole weeks. */
  readonly keepWeekday?: boolean;
  /** Of teaching file information. */
  readonly keepAuthor?: boolean;
  /** `redact` puts the proposal in the place of text nobody can vouch for; `quarantine` holds the instance back. */
  readonly onFinding: 'redact' | 'quarantine';
  /** What an earlier run with the same key wrote stays and counts as passed. */
  readonly resumable: boolean;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  readonly report: ReportSink;
}

/** De-identifies every file below `input`. Faults of a single file are its outcome; the others go on. */
export async function deidentifyFolder(job: FolderJob): Promise<FolderCounts> {
  const files = listFiles(job.input, job.output);
  if (job.output !== null) makeOutput(job.output);
  const run = new FolderRun(job);
  let finished = false;
  try {
    await run.lookAhead(files);
    let done = 0;
    for (const file of files) {
      if (job.signal.aborted) break;
      await run.take(file);
      done += 1;
      job.progress.update(done, files.length);
      if (done % FILES_A_TURN === 0) await new Promise((resume) => setImmediate(resume));
    }
    if (!job.signal.aborted) run.writeManifests();
    finished = !job.signal.aborted;
  } finally {
    run.end(!finished);
  }
  return run.counts;
}

type FolderPseudonyms = Pseudonyms & { readonly dateOffsetDays: number };

class FolderRun {
  private readonly policy: DeidentificationPolicy;
  private readonly deidentifier: Deidentifier;
  private readonly verifier: Verifier;
  private readonly references: SetReferences;
  private readonly known: KnownByStudy;
  private readonly projectKey: ProjectKey;
  readonly counts = { passed: 0, quarantined: 0, failed: 0, reasons: {} as Record<string, number>, interrupted: false };
  private readonly buffer = Buffer.allocUnsafe(HELD_BYTES);
  private readonly folders = new Set<string>();
  private readonly newFolders = new Set<string>();
  private readonly written = new Set<string>();
  private readonly passed = new Set<string>();
  private readonly heldBack = new Set<string>();
  private readonly keyObjects: string[] = [];
  /** Of the file at hand, once it could be read: what fails later still belongs to a known instance. */
  private header: DataSet | null = null;
  /** The next file mostly is of the same patient. */
  private patientBefore: {
    readonly id: string;
    readonly issuer: string;
    readonly pseudonyms: FolderPseudonyms;
  } | null = null;

  constructor(private readonly job: FolderJob) {
    this.projectKey = ProjectKey.of(job.key);
    this.policy = job.policy;
    this.deidentifier = new ExportDeidentifier(job.policy, { keepAuthor: job.keepAuthor === true });
    this.verifier = verifierOf(job.policy);
    this.references = setReferencesOf(job.policy);
    this.known = new KnownByStudy(job.policy);
    job.report.begin({ edition: this.policy.edition, options: [...this.policy.options] });
  }

  private add(instance: InstanceReport): void {
    this.counts[instance.outcome] += 1;
    if (instance.reason !== null)
      this.counts.reasons[instance.reason] = (this.counts.reasons[instance.reason] ?? 0) + 1;
    this.job.report.add(instance);
  }

  /** Names of a study's patient and staff are looked for in all its texts: they are gathered before the first is judged. */
  async lookAhead(files: readonly string[]): Promise<void> {
    if (!this.known.needed) return;
    for (const file of files) {
      if (this.job.signal.aborted) return;
      await this.known.read(file);
    }
  }

  private plan(header: DataSet): DeidentificationPlan {
    const known = this.known.of(header);
    return this.deidentifier.plan(header, {
      onFinding: this.job.onFinding === 'quarantine' ? 'hold' : 'redact',
      ...(known === undefined ? {} : { known }),
    });
  }

  async take(file: string): Promise<void> {
    this.header = null;
    try {
      const bytes = readHeld(file, this.buffer);
      if (bytes === null) await this.stream(file);
      else this.whole(file, bytes);
    } catch (error) {
      if (error instanceof OutputNotWritable) throw error;
      this.hold(file, this.header, error);
    }
  }

  private whole(file: string, bytes: Uint8Array): void {
    const instance = readPart10Bytes(bytes);
    const header = instance.header;
    this.header = header;
    if (header.string(0x00080016) === KEY_OBJECT_SELECTION_DOCUMENT) {
      this.keyObjects.push(file);
      return;
    }
    const plan = this.plan(header);
    if (!this.mayLeave(file, header, plan)) return;
    const pseudonyms = this.pseudonyms(header);
    const result = this.deidentifier.apply(header, plan, pseudonyms);
    const meant = [...pseudonymValues(pseudonyms), ...valuesMeant(this.deidentifier, header)];
    const verdict = this.verifier.verify(header, result, { pseudonyms: meant });
    if (verdict.outcome === 'passed' && this.holdsPixels(verdict.findings)) {
      this.hold(file, header, PIXEL_RISK, plan, verdict.findings);
      return;
    }
    if (verdict.outcome !== 'passed') {
      this.hold(file, header, verdict.reason, plan, verdict.findings);
      return;
    }
    if (!this.agrees(file, header, result, plan)) return;
    const rest = instance.rest.filter((part) =>
      part.kind === 'element'
        ? this.deidentifier.planRest(part.element.tag, part.element.vr) === 'keep'
        : this.deidentifier.planRest(part.tag, part.vr) === 'keep',
    );
    const chunks = writePart10Bytes(instance.transferSyntax, result, rest);
    const target = this.target(result);
    if (target !== null && !this.isThere(target)) writeWhole(target, chunks);
    this.pass(file, header, result, plan, target, verdict.findings);
  }

  private async stream(file: string): Promise<void> {
    const bytes = createReadStream(file, { highWaterMark: 1024 * 1024 });
    try {
      const opened = await openInstance(bytes, this.deidentifier, (header) => this.plan(header));
      const header = opened.incoming.header;
      this.header = header;
      if (!this.mayLeave(file, header, opened.plan)) return;
      const result = deidentifyInstance(opened, this.deidentifier, this.pseudonyms(header), this.verifier);
      if (this.holdsPixels(result.findings)) {
        this.hold(file, header, PIXEL_RISK, opened.plan, result.findings);
        return;
      }
      if (!this.agrees(file, header, result.header, opened.plan)) return;
      const target = this.target(result.header);
      if (target === null || this.isThere(target)) {
        for await (const _chunk of result.bytes) {
          // read to the end all the same: a truncated instance must not pass in a plan
        }
      } else {
        await streamWhole(target, result.bytes);
      }
      this.pass(file, header, result.header, opened.plan, target, result.findings);
    } finally {
      bytes.destroy();
    }
  }

  /** Answers false, and reports, where the plan holds the instance back. */
  private mayLeave(file: string, header: DataSet, plan: DeidentificationPlan): boolean {
    if (plan.verdict.outcome === 'passed') return true;
    this.hold(file, header, plan.verdict.reason, plan);
    return false;
  }

  /** Nobody can be asked to look at the pixels. */
  private holdsPixels(findings: readonly VerificationFinding[]): boolean {
    return this.job.onFinding === 'quarantine' && findings.some(isPixelRisk);
  }

  /** Answers false, and reports, where the instance's UIDs are not those by which the others of the folder name them. */
  private agrees(file: string, header: DataSet, result: DataSet, plan: DeidentificationPlan): boolean {
    const findings = this.references.add(header, result);
    if (findings.length > 0) this.hold(file, header, WITH_THE_SET, plan, findings);
    return findings.length === 0;
  }

  private isThere(target: string): boolean {
    return this.job.resumable && !this.newFolders.has(dirname(target)) && existsSync(target);
  }

  private pass(
    file: string,
    header: DataSet,
    result: DataSet,
    plan: DeidentificationPlan,
    target: string | null,
    findings: readonly VerificationFinding[],
  ): void {
    const source = header.string(0x00080018) ?? null;
    if (source !== null) this.passed.add(source);
    this.add({
      input: file,
      output: target,
      outcome: 'passed',
      reason: null,
      sourceSOPInstanceUID: source,
      SOPInstanceUID: result.string(0x00080018) ?? null,
      changes: this.changesOf(plan),
      findings: [...findingsOf(plan), ...findings],
    });
  }

  private hold(
    file: string,
    header: DataSet | null,
    cause: unknown,
    plan?: DeidentificationPlan,
    findings: readonly VerificationFinding[] = [],
  ): void {
    const source = header?.string(0x00080018) ?? null;
    if (source !== null) this.heldBack.add(source);
    const reason = reasonOf(cause);
    this.add({
      input: file,
      output: null,
      outcome: reason.outcome,
      reason: reason.code,
      message: reason.message,
      sourceSOPInstanceUID: source,
      SOPInstanceUID: null,
      changes: plan === undefined ? [] : this.changesOf(plan),
      findings: [...(plan === undefined ? [] : findingsOf(plan)), ...findings],
    });
  }

  /** Writing out every path takes longer than the plan did: only for who reads them. */
  private changesOf(plan: DeidentificationPlan): InstanceReport['changes'] {
    if (!this.job.report.wanted) return [];
    return plan.changes.map(({ path, keyword, action, rule }) => ({ path, keyword, action, rule }));
  }

  /** Where the instance goes, its folder made; null where only a plan is wanted. Throws where another input took the place. */
  private target(result: DataSet): string | null {
    const uid = (tag: number): string => result.string(tag) ?? '';
    const [study, series, instance] = [uid(0x0020000d), uid(0x0020000e), uid(0x00080018)];
    if (this.written.has(instance)) {
      throw new Fault('DUPLICATE_INSTANCE', 'cannot', 'another file of the input has the same SOP Instance UID');
    }
    this.written.add(instance);
    if (this.job.output === null) return null;
    const folder = join(this.job.output, study, series);
    if (!this.folders.has(folder)) {
      try {
        // A folder that is new holds nothing of an earlier run.
        if (mkdirSync(folder, { recursive: true }) !== undefined) this.newFolders.add(folder);
      } catch (error) {
        throw new OutputNotWritable(error);
      }
      this.folders.add(folder);
    }
    return join(folder, `${instance}.dcm`);
  }

  /** Key Objects come last: by then it is known what they may point at. */
  writeManifests(): void {
    for (const file of this.keyObjects) {
      try {
        this.writeManifest(file);
      } catch (error) {
        if (error instanceof OutputNotWritable) throw error;
        this.hold(file, null, error);
      }
    }
  }

  private writeManifest(file: string): void {
    const { header } = readPart10Bytes(readFileSync(file));
    const selection = readExportSelection(header);
    if (selection.references.some((reference) => this.heldBack.has(reference.SOPInstanceUID))) {
      throw new Fault('REFERENCED_INSTANCE_HELD_BACK', 'cannot', 'the manifest names an instance that was held back');
    }
    const absent = selection.references.some((reference) => !this.passed.has(reference.SOPInstanceUID));
    const pseudonyms = this.pseudonyms(header);
    const manifests = buildManifests(selection, {
      ...pseudonyms,
      ...manifestStatement(
        this.policy,
        selection.dates && { dates: selection.dates, dateOffsetDays: pseudonyms.dateOffsetDays },
      ),
      description: null,
    });
    for (const manifest of manifests) {
      // What is not in the folder is told by a warning; what is, must be found by its new name.
      const dangling = absent ? [] : this.references.dangling(manifest);
      if (dangling.length > 0) {
        this.hold(file, header, WITH_THE_SET, undefined, dangling);
        continue;
      }
      const target = this.target(manifest);
      if (target !== null) writeWhole(target, writePart10Bytes(ExplicitVRLittleEndian, manifest));
      this.add({
        input: file,
        output: target,
        outcome: 'passed',
        reason: null,
        warnings: [...selection.warnings.map((warning) => warning.code), ...(absent ? ['REFERENCE_NOT_IN_INPUT'] : [])],
        sourceSOPInstanceUID: selection.source.SOPInstanceUID,
        SOPInstanceUID: manifest.string(0x00080018) ?? null,
        changes: [{ path: '0040A730', keyword: 'ContentSequence', action: 'C', rule: 'manifest built anew' }],
        findings: [],
      });
    }
  }

  private pseudonyms(header: DataSet): FolderPseudonyms {
    const id = header.string(0x00100020) ?? '';
    // Without a Patient ID each study stands for a patient of its own.
    const issuer = id === '' ? (header.string(0x0020000d) ?? '') : (header.string(0x00100021) ?? '');
    const before = this.patientBefore;
    if (before?.id === id && before.issuer === issuer) return before.pseudonyms;
    const code = this.projectKey.patientCode(id, issuer);
    const pseudonyms = {
      PatientID: code,
      PatientName: personName(code),
      uid: (source: string) => this.projectKey.uid(source),
      dateOffsetDays: this.projectKey.dateOffsetDays(id, issuer, { keepWeekday: this.job.keepWeekday === true }),
    };
    this.patientBefore = { id, issuer, pseudonyms };
    return pseudonyms;
  }

  end(interrupted: boolean): void {
    this.counts.interrupted = interrupted;
    this.job.report.end(this.counts);
  }
}

const PIXEL_RISK: Reason = {
  code: 'PIXEL_RISK',
  message: 'the pixels may show a name, a face or a document, and nobody has looked at them',
};

function findingsOf(plan: DeidentificationPlan): readonly InstanceFinding[] {
  return (plan.findings ?? []).map(({ path, rule, severity }) => ({ path, rule, severity }));
}

function reasonOf(cause: unknown): { outcome: InstanceOutcome; code: string; message: string } {
  if (cause instanceof Fault) {
    return { outcome: cause.retryable ? 'failed' : 'quarantined', code: cause.code, message: cause.message };
  }
  if (cause instanceof Error) {
    // Of a system error only its name is told: the text names paths.
    const code = (cause as NodeJS.ErrnoException).code;
    return code === undefined
      ? { outcome: 'failed', code: 'DEFECT', message: `unexpected ${cause.name}` }
      : { outcome: 'failed', code: 'FILE_NOT_USABLE', message: `the file system answered ${code}` };
  }
  const reason = cause as Reason;
  return { outcome: 'quarantined', code: reason.code, message: reason.message };
}
