import {
  classifyAddress,
  portOf,
  type Ceilings,
  type RateLimit,
  type WatchedProcess,
} from '@jarvis-load/engine';
import type { CommandContext } from '../commands/command.ts';
import { lookupAll } from '../guard/lookup-all.ts';
import { reachableAddresses } from '../guard/reachable-addresses.ts';
import { guardTarget } from '../guard/target-guard.ts';
import { writtenAs } from '../options/resolve-settings.ts';
import type { TargetSettings } from '../options/load-settings.ts';
import { readAccounts } from '../secrets/read-accounts.ts';
import { limitsOfConfig } from './config-limits.ts';
import { startMockProcess } from './mock-process.ts';
import { readCertificates, readClientCertificate, type ClientCertificate } from './read-certificates.ts';
import { resolveTarget } from './resolve-target.ts';

/** A target that may be loaded; a mock has been started. Whoever opened it calls `close` on every path. */
export interface OpenTarget {
  readonly name: string;
  readonly baseUrl: string;
  /** The only addresses that may be connected to, used in turn; empty: that of the base URL. */
  readonly addresses: readonly string[];
  /** PEM certificates to trust; undefined: the system's. */
  readonly ca: string | undefined;
  /** Of this client. */
  readonly certificate: ClientCertificate | undefined;
  readonly ceilings: Ceilings | undefined;
  readonly limits: readonly RateLimit[];
  /** Local processes that serve the target: their waiting for a processor is measured too. */
  readonly processes: readonly WatchedProcess[];
  /** Description for the document. */
  readonly detail: string | undefined;
  /** Ends everything that was started for it. */
  close(): Promise<void>;
}

const CONNECT_ATTEMPT_MS = 2000;

/** Whether a target runs on this machine: the mock, or loopback. */
export function isOwnMachine(target: OpenTarget): boolean {
  return target.ceilings === undefined;
}

/**
 * Resolves the target, checks that it may be loaded, and starts the mock if that is the target.
 *
 * @param mockSettings values of `--set mock.x=y`
 * @throws CliError exit 2, 3 or 4; MockError for settings of the mock, and for one that does not start; Interrupted
 */
export async function openTarget(
  settings: TargetSettings,
  mockSettings: readonly string[],
  context: CommandContext,
): Promise<OpenTarget> {
  const { config } = context;
  const target = resolveTarget(settings.target, config, writtenAs(settings, 'target'));
  // Check this before anything is started or looked up.
  if (settings.accounts !== undefined)
    readAccounts(settings.accounts, context.cwd, writtenAs(settings, 'accounts'));
  const ca =
    settings.ca === undefined
      ? undefined
      : readCertificates(settings.ca, context.cwd, writtenAs(settings, 'ca'));
  const certificate = readClientCertificate(
    {
      cert: settings.cert,
      key: settings.key,
      sources: { cert: writtenAs(settings, 'cert'), key: writtenAs(settings, 'key') },
    },
    context.cwd,
    context.environment['LOAD_KEY_PASSPHRASE'],
  );
  if (target.url === undefined) {
    const mock = await startMockProcess(mockSettings, context);
    return {
      name: 'mock',
      baseUrl: mock.url,
      addresses: [],
      ca,
      certificate,
      ceilings: undefined,
      limits: mock.limits,
      processes: [{ name: 'mock', pid: mock.pid }],
      detail: mock.description,
      close: mock.close,
    };
  }
  const allowed = await guardTarget(target, target.url, {
    confirmTarget: settings.confirmTarget,
    configFileName: config.name,
    now: new Date(),
    lookup: lookupAll,
  });
  const port = portOf(target.url);
  return {
    name: target.name,
    baseUrl: target.url.href.replace(/\/+$/, ''),
    addresses: await reachableAddresses(
      allowed.addresses,
      port,
      settings.connectTimeout ?? CONNECT_ATTEMPT_MS,
      allowed.addresses.every((address) => classifyAddress(address) === 'loopback') ? 1 : undefined,
    ),
    ca,
    certificate,
    ceilings: allowed.ceilings,
    limits: limitsOfConfig(target.permission?.limits, config.name),
    processes: [],
    detail: target.permission === undefined ? undefined : `allowed by ${target.permission.owner}`,
    close: () => Promise.resolve(),
  };
}
