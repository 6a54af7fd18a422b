import { hostOf, portOf, type AllowedHost, type Ceilings, type ClientOptions } from '@jarvis-load/engine';
import { flagName } from '../options/flag.ts';
import type { TargetSettings } from '../options/load-settings.ts';
import type { OpenBase } from './open-bases.ts';
import type { OpenTarget } from './open-target.ts';

/**
 * Connection options for a target, the same for the probe and the load.
 * @param bases further addresses of the scenarios
 */
export function connectionOptions(
  target: OpenTarget,
  settings: TargetSettings,
  bases: readonly OpenBase[] = [],
): Pick<ClientOptions, 'headers' | 'address' | 'allow' | 'tls' | 'maxHeaderBytes' | 'http2' | 'cookies'> {
  const allow = [{ url: target.baseUrl, ceilings: target.ceilings }, ...bases].flatMap(({ url, ceilings }) =>
    ceilings === undefined ? [] : allowedHost(url, ceilings),
  );
  return {
    ...(settings.header === undefined ? {} : { headers: settings.header }),
    ...(target.addresses.length === 0 ? {} : { address: target.addresses }),
    ...(allow.length === 0 ? {} : { allow }),
    ...(target.ca === undefined && target.certificate === undefined
      ? {}
      : { tls: { ...(target.ca === undefined ? {} : { ca: target.ca }), ...target.certificate } }),
    ...(settings.maxHeaderBytes === undefined ? {} : { maxHeaderBytes: settings.maxHeaderBytes }),
    ...(settings.http2 === undefined ? {} : { http2: settings.http2 }),
    ...(settings.cookies === undefined ? {} : { cookies: settings.cookies }),
  };
}

/** The permission of the config file, already checked by the guard, in the engine's format. */
function allowedHost(baseUrl: string, { maxUsers, maxRate, maxDurationMs }: Ceilings): AllowedHost {
  const url = new URL(baseUrl);
  return { host: hostOf(url), port: portOf(url), maxUsers, maxRate, maxDuration: maxDurationMs };
}

/** Message about requested options that have no effect on plain HTTP. */
export function withoutTls(target: OpenTarget, settings: TargetSettings): string | undefined {
  if (!target.baseUrl.startsWith('http:')) return undefined;
  const asked = (['ca', 'cert', 'http2'] as const).filter((key) => (settings[key] ?? false) !== false);
  if (asked.length === 0) return undefined;
  return `${asked.map((key) => `--${flagName(key)}`).join(' and ')} changed nothing: ${target.baseUrl} is spoken to without TLS`;
}
