import { z } from 'zod';
import { field, select } from './config-tree';

/*
 * The audit trail's part of the configuration: how this installation names itself in audit messages, and the syslog
 * receiver (audit repository) that gets them.
 */

const token = z.string().trim().min(1, 'must not be empty').max(128, 'has more than 128 characters');

export const auditSchema = z
  .strictObject({
    sourceID: token.default('tce-export-manager'),
    enterpriseSiteID: token.optional(),
    syslog: z
      .strictObject({
        host: token,
        port: z.coerce.number().int().min(1).max(65535).optional(),
        transport: z.enum(['tls', 'udp']).default('tls'),
        ca: z.string().optional(),
        caFile: z.string().optional(),
        cert: z.string().optional(),
        certFile: z.string().optional(),
        key: z.string().optional(),
        keyFile: z.string().optional(),
      })
      .optional(),
  })
  .prefault({});

export interface SyslogSettings {
  readonly host: string;
  readonly port: number;
  readonly transport: 'tls' | 'udp';
  /** PEM, as are the two below. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

export interface AuditSettings {
  readonly sourceID: string;
  readonly enterpriseSiteID?: string;
  /** Left out: events are kept here and sent nowhere. */
  readonly syslog?: SyslogSettings;
}

/** Registered ports: RFC 5425 4.1, RFC 5426 3.3. */
const PORTS = { tls: 6514, udp: 514 } as const;

export function auditSettings(
  { sourceID, enterpriseSiteID, syslog }: z.output<typeof auditSchema>,
  secrets: ReadonlyMap<string, string | null>,
): AuditSettings {
  const given = (['ca', 'cert', 'key'] as const).flatMap((name) => {
    const value = secrets.get(`audit.syslog.${name}`);
    return value === undefined || value === null ? [] : [[name, value] as const];
  });
  return {
    sourceID,
    ...(enterpriseSiteID === undefined ? {} : { enterpriseSiteID }),
    ...(syslog === undefined
      ? {}
      : {
          syslog: {
            host: syslog.host,
            port: syslog.port ?? PORTS[syslog.transport],
            transport: syslog.transport,
            ...Object.fromEntries(given),
          },
        }),
  };
}

export function checkAudit(tree: unknown, secrets: ReadonlyMap<string, string | null>, mistakes: string[]): void {
  const [, syslog] = select(tree, 'audit.syslog')[0] ?? [];
  if (syslog === undefined) return;
  const has = (name: string) => secrets.has(`audit.syslog.${name}`);
  if (has('cert') !== has('key')) mistakes.push('audit.syslog: certFile and keyFile belong together');
  if (field(syslog, 'transport') === 'udp' && (has('ca') || has('cert') || has('key'))) {
    mistakes.push('audit.syslog: certificates are for transport: tls');
  }
}
