import { hostname } from 'node:os';
import { pathToFileURL } from 'node:url';
import type { Configuration } from '../base/config';
import type { AuditOptions } from '../store/audit-trail';

/** How the audit trail names this installation and its peers. */
export function auditOptions({ audit, imageSources, receivers }: Configuration): AuditOptions {
  const { sourceID, enterpriseSiteID } = audit;
  return {
    source: { sourceID, host: hostname(), ...(enterpriseSiteID === undefined ? {} : { enterpriseSiteID }) },
    addresses: {
      imageSource: (wanted) => imageSources.find(({ name }) => name === wanted)?.dicomweb.url,
      receiver: (wanted) => {
        const receiver = receivers.find(({ name }) => name === wanted);
        return receiver?.dicomweb?.url ?? (receiver?.folder && pathToFileURL(receiver.folder.path).href);
      },
    },
  };
}
