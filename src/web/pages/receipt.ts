import type { Request } from 'express';
import { nameOfSOPClass } from '../../dicom/sop-class';
import type { DeliveryReceipt } from '../../session/store-port';
import { href } from '../page';
import { Problem } from '../problem';
import { pageNumberOf, sessionIdOf, unknownSession } from '../query';
import { can, type Handler, type Route, route } from '../route';
import type { WebContext } from '../web-context';
import { cut, plural, size, text } from '../words/text';
import { moment } from '../words/time';

const ROWS = 100;
const MANIFESTS = 10;

function answerInWords(status: number | null, warningReason: number | null): string {
  const answer = status === null ? 'found at the Receiver' : `HTTP ${status}`;
  // PS3.18 10.5.3.2: Warning Reason (0008,1196) of the Store Instances Response.
  return warningReason === null
    ? answer
    : `${answer}, warning ${warningReason.toString(16).toUpperCase().padStart(4, '0')}H`;
}

export function receiptSummary(receipt: DeliveryReceipt, now: Date) {
  const answers = new Map<string, number>();
  for (const { status, warningReason } of receipt.instances) {
    const answer = answerInWords(status, warningReason);
    answers.set(answer, (answers.get(answer) ?? 0) + 1);
  }
  return {
    receiver: text(receipt.receiver, 80),
    completed: moment(new Date(receipt.completedAt), now),
    sent: `${plural(receipt.instances.length, 'instance')}, ${size(receipt.instances.reduce((sum, { byteLength }) => sum + byteLength, 0))}`,
    edition: cut(receipt.edition),
    options: receipt.options.length === 0 ? 'no options' : receipt.options.map((option) => cut(option, 60)).join(', '),
    answers: [...answers].map(([answer, count]) => `${answer}: ${plural(count, 'instance')}`),
    leftOut: (receipt.leftOut ?? []).map(({ code, count }) => `${plural(count, 'instance')}: ${cut(code, 60)}`),
    warnings: (receipt.warnings ?? []).map(({ message }) => cut(message, 200)),
    confirmed: receipt.confirmedByQuery,
    manifests: receipt.manifest.slice(0, MANIFESTS).map(({ StudyInstanceUID, SOPInstanceUID, sha256 }) => ({
      study: cut(StudyInstanceUID, 100),
      uid: cut(SOPInstanceUID, 100),
      sha256: cut(sha256, 100),
    })),
    moreManifests:
      receipt.manifest.length > MANIFESTS ? plural(receipt.manifest.length - MANIFESTS, 'more manifest') : null,
  };
}

export function receiptPages(web: WebContext): readonly Route[] {
  const existing = async (request: Request) => {
    const session = await web.read.session(sessionIdOf(request));
    if (session === null) throw unknownSession();
    const receipt = await web.read.receipt(session.id);
    if (receipt === null)
      throw new Problem(404, 'NO_RECEIPT', 'This session has no receipt: it has not been completed.');
    return { session, receipt };
  };

  const show: Handler = async (request, response, { identity, now }) => {
    const number = pageNumberOf(request);
    const { session, receipt } = await existing(request);
    const path = `/sessions/${encodeURIComponent(session.id)}`;
    const from = (number - 1) * ROWS;
    web.pages.send(
      response,
      identity,
      'receipt',
      { title: 'Delivery receipt' },
      {
        sessionHref: path,
        jsonHref: `${path}/receipt.json`,
        receipt: receiptSummary(receipt, now),
        rows: receipt.instances.slice(from, from + ROWS).map((instance, index) => ({
          number: from + index + 1,
          className: text(nameOfSOPClass(instance.SOPClassUID) ?? `SOP Class ${instance.SOPClassUID}`, 100),
          uid: cut(instance.SOPInstanceUID, 100),
          size: size(instance.byteLength),
          answer: answerInWords(instance.status, instance.warningReason),
          sha256: cut(instance.sha256, 100),
        })),
        previousHref:
          number === 1 ? null : href(`${path}/receipt`, { page: number === 2 ? undefined : String(number - 1) }),
        nextHref: from + ROWS < receipt.instances.length ? href(`${path}/receipt`, { page: String(number + 1) }) : null,
      },
    );
  };

  const download: Handler = async (request, response) => {
    const { session, receipt } = await existing(request);
    response
      .type('application/json')
      .set('Content-Disposition', `attachment; filename="receipt-${session.id.replace(/[^A-Za-z0-9-]/g, '')}.json"`)
      .send(JSON.stringify(receipt, null, 2));
  };

  return [
    route('GET', '/sessions/:id/receipt', can('read'), show),
    route('GET', '/sessions/:id/receipt.json', can('read'), download),
  ];
}
